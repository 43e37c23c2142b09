//go:build cli

package main

import "mailgrant/internal/cli"

// openWindow is absent from the program for servers.
var openWindow func(cli.Window) int
