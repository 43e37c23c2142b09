//go:build hostile

// Package hostile plays every server and sign-in service that does not do
// what it should, against the real engines over real sockets: each protocol,
// in each step, with each misbehaviour. A line more in a table is a cell more
// in each group that it fits.
//
// For every cell: it ends within its limit, with one cause that has a name,
// the other protocols are undisturbed, and no secret is anywhere where it must
// not be. Over all of them memory stays small and nothing is left running.
package hostile

import (
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// mode is how the sign-in goes.
type mode int

const (
	token   mode = iota // in lines of their own
	atOnce              // with an initial response
	plain               // password by SASL
	command             // IMAP's LOGIN, POP3's USER and PASS
	bare                // a token in lines of their own, at a server that can nothing beyond the oldest IMAP
)

// step is a place in a dialog at which a server answers.
type step struct {
	protocol mailtest.Protocol
	name     string        // as the dialogs name it
	mode     mode          // how the sign-in goes
	at       mailtest.Step // where a failure belongs
	security []string      // nil: any
	optional bool          // a server may refuse this and be a good one
}

var (
	onlySTARTTLS = []string{mailbox.SecuritySTARTTLS}
	notSTARTTLS  = []string{mailbox.SecurityTLS, mailbox.SecurityNone}
	encrypted    = []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS}
)

// CAPA is optional (RFC 2449): a server that refuses it does not say what it
// can, and that is all. RSET and the goodbyes fail nothing.

// steps are those of the three protocols, in the order of a test.
var steps = []step{
	{mailtest.IMAP, "greeting", token, mailtest.StepGreeting, nil, false},
	{mailtest.IMAP, "capability", token, mailtest.StepGreeting, onlySTARTTLS, false},
	{mailtest.IMAP, "starttls", token, mailtest.StepTLS, onlySTARTTLS, false},
	{mailtest.IMAP, "offers", token, mailtest.StepGreeting, notSTARTTLS, false},
	{mailtest.IMAP, "offers", token, mailtest.StepAuthenticate, onlySTARTTLS, false},
	{mailtest.IMAP, "sign-in", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.IMAP, "verdict", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.IMAP, "sign-in", atOnce, mailtest.StepAuthenticate, nil, false},
	{mailtest.IMAP, "sign-in", command, mailtest.StepAuthenticate, nil, false},
	{mailtest.IMAP, "mailbox", token, mailtest.StepMailbox, nil, false},
	{mailtest.IMAP, "quit", token, mailtest.StepQuit, nil, false},

	{mailtest.POP3, "greeting", token, mailtest.StepGreeting, nil, false},
	{mailtest.POP3, "starttls", token, mailtest.StepTLS, onlySTARTTLS, false},
	{mailtest.POP3, "offers", plain, mailtest.StepGreeting, notSTARTTLS, true},
	{mailtest.POP3, "offers", plain, mailtest.StepAuthenticate, onlySTARTTLS, true},
	{mailtest.POP3, "sign-in", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.POP3, "verdict", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.POP3, "user", command, mailtest.StepAuthenticate, nil, false},
	{mailtest.POP3, "verdict", command, mailtest.StepAuthenticate, nil, false},
	{mailtest.POP3, "mailbox", token, mailtest.StepMailbox, nil, false},
	{mailtest.POP3, "quit", token, mailtest.StepQuit, nil, false},

	{mailtest.SMTP, "greeting", token, mailtest.StepGreeting, nil, false},
	{mailtest.SMTP, "capability", token, mailtest.StepGreeting, onlySTARTTLS, false},
	{mailtest.SMTP, "starttls", token, mailtest.StepTLS, onlySTARTTLS, false},
	{mailtest.SMTP, "offers", token, mailtest.StepGreeting, notSTARTTLS, false},
	{mailtest.SMTP, "offers", token, mailtest.StepAuthenticate, onlySTARTTLS, false},
	{mailtest.SMTP, "sign-in", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.SMTP, "verdict", token, mailtest.StepAuthenticate, nil, false},
	{mailtest.SMTP, "sign-in", plain, mailtest.StepAuthenticate, nil, false},
	{mailtest.SMTP, "mailbox", token, mailtest.StepMailbox, nil, false},
	{mailtest.SMTP, "reset", token, mailtest.StepQuit, nil, false}, // fails nothing, like the goodbye
	{mailtest.SMTP, "quit", token, mailtest.StepQuit, nil, false},
}

// handshakes are the steps that are no dialog.
var handshakes = []step{
	{mailtest.IMAP, "handshake", token, mailtest.StepTLS, encrypted, false},
	{mailtest.POP3, "handshake", token, mailtest.StepTLS, encrypted, false},
	{mailtest.SMTP, "handshake", token, mailtest.StepTLS, encrypted, false},
}

// securities are where a step exists.
func (s step) securities() []string {
	if s.security == nil {
		return []string{mailbox.SecurityTLS, mailbox.SecuritySTARTTLS, mailbox.SecurityNone}
	}
	return s.security
}
