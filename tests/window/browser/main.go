// Command browser is the scripted browser of the window's tests: it opens the
// address it is given as the account in the file that $MAILGRANT_WINDOW_ACCOUNT
// names. It is a program because Windows starts no scripts as browsers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"mailgrant/app/practice"
)

func main() {
	if err := open(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func open(address string) error {
	file := os.Getenv("MAILGRANT_WINDOW_ACCOUNT")
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file+".read", data, 0o600); err != nil {
		return err
	}
	account := strings.TrimSpace(string(data))
	switch account {
	case "nobody": // looks at nothing
		return nil
	case "broken":
		return errors.New("does not start")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = practice.Visit(ctx, address, account, nil)
	return err
}
