// Release writes what goes with the programs of a release, the same bytes for
// the same input: the list of what is linked in (CycloneDX), the manifests for
// winget, and archives whose files all have one time.
//
//	go run ./packaging/release sbom VERSION PROGRAM… >bom.json
//	go run ./packaging/release winget VERSION SETUP FOLDER
//	go run ./packaging/release zip OUT NAME=FILE…
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

var errUsage = errors.New("sbom VERSION PROGRAM…, winget VERSION SETUP FOLDER, or zip OUT NAME=FILE…")

func run(args []string) error {
	switch {
	case len(args) >= 3 && args[0] == "sbom":
		data, err := sbom(args[1], args[2:])
		if err == nil {
			_, err = os.Stdout.Write(data)
		}
		return err
	case len(args) == 4 && args[0] == "winget":
		return winget(args[1], args[2], args[3])
	case len(args) >= 3 && args[0] == "zip":
		return archive(args[1], args[2:])
	}
	return fmt.Errorf("usage: %w", errUsage)
}
