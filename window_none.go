//go:build cli

package main

import "mailgrant/cli"

// desktop is empty in the program for servers.
var desktop cli.Desktop
