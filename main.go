// Mailgrant gives a server product's mailbox its OAuth2 authorization and
// proves that it works by IMAP, POP3 and SMTP. Without arguments it opens the
// window, with a command it does the same work in the terminal.
package main

import (
	_ "embed"
	"os"

	"mailgrant/cli"
)

// metadata is the only place of the program's name, identifier and version.
//
//go:embed FyneApp.toml
var metadata string

func main() {
	os.Exit(cli.Main(os.Args[1:], metadata, desktop))
}
