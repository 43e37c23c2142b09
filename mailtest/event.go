// Package mailtest checks that a mailbox works by IMAP, POP3 and SMTP.
//
// Run connects, signs in, looks at the inbox and leaves, without changing
// anything: nothing is sent, deleted or marked read. It yields one Event for
// every change of a step; Report is a pure fold over these events, so that
// the window, the terminal, JSON and the tests share one picture.
//
// The package does not know how a token is made: it is given a function.
package mailtest

import (
	"context"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// Protocol is one of those of a definition, or RoundTripTest.
type Protocol = mailbox.Protocol

// The protocols of mail.
const (
	IMAP = mailbox.IMAP
	POP3 = mailbox.POP3
	SMTP = mailbox.SMTP
)

// Step is one thing a test tries.
type Step string

// The steps, in order; with STARTTLS the greeting comes before tls.
const (
	StepResolve      Step = "resolve"
	StepConnect      Step = "connect"
	StepTLS          Step = "tls"
	StepGreeting     Step = "greeting"
	StepAuthenticate Step = "authenticate"
	StepMailbox      Step = "mailbox" // IMAP EXAMINE INBOX, POP3 STAT, SMTP MAIL FROM + RSET
	StepQuit         Step = "quit"
)

// State is how far a step has come.
type State string

// The states. Running never reaches a report.
const (
	Running State = "running"
	Passed  State = "passed"
	Warned  State = "warned"
	Failed  State = "failed"
	Skipped State = "skipped"
)

// Works tells whether what was tried works, if with a warning.
func (s State) Works() bool { return s == Passed || s == Warned }

// Event says that a step of a protocol entered a state. A later event for the
// same step replaces the earlier one: the final cause of a failed sign-in may
// only be known when the other protocols are through.
type Event struct {
	Protocol  Protocol
	Step      Step
	State     State
	Start     time.Time
	Duration  time.Duration
	Facts     map[string]any // JSON values, safe to show; see facts.go
	Diagnosis *diagnosis.Diagnosis

	// Experiment is what was tried after a failure; such an event has no Step.
	Experiment *Experiment
}

// Credential is what a mailbox test signs in with.
type Credential struct {
	Token    redact.Secret // access token, for OAuth2
	Password redact.Secret // for password sign-in
	Account  string        // the account's own name (UPN)
	Granted  []string
	Claims   *diagnosis.Claims // of the token, where it can be read; evidence only
}

// CredentialFunc returns a fresh credential, whose access token is for a
// resource as mailbox.Definition.TokenFor names it. Its error, if it is a
// diagnosis.Diagnosis, becomes the cause of the authenticate step.
type CredentialFunc func(ctx context.Context, resource string) (Credential, error)
