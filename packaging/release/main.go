// Release writes what goes with the programs of a release, the same bytes for
// the same input: the list of what is linked in (CycloneDX), the manifests for
// winget, and archives whose files all have one time.
//
//	go run ./packaging/release sbom VERSION PROGRAM… >bom.json
//	go run ./packaging/release winget VERSION SETUP FOLDER
//	go run ./packaging/release zip OUT NAME=FILE…
package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	if err := run(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

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
	return errors.New("usage: sbom VERSION PROGRAM…, winget VERSION SETUP FOLDER, or zip OUT NAME=FILE…")
}

// made is the time of every file: with the real one no two archives would be
// equal. packaging/make-installer has the same.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// archive puts files into a zip under the names given, in the order of these.
func archive(out string, entries []string) error {
	slices.Sort(entries)
	var zipped bytes.Buffer
	w := zip.NewWriter(&zipped)
	for _, entry := range entries {
		name, path, ok := strings.Cut(entry, "=")
		if !ok {
			return fmt.Errorf("%q: needed is NAME=FILE", entry)
		}
		if err := put(w, name, path); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(out, zipped.Bytes(), 0o644)
}

func put(w *zip.Writer, name, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made}
	h.SetMode(0o644)
	to, err := w.CreateHeader(h)
	if err == nil {
		_, err = to.Write(data)
	}
	return err
}
