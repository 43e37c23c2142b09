package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// usageError is wrong use: exit status 2 with one line.
type usageError struct {
	key  string
	args i18n.Args
}

func (e usageError) Error() string { return i18n.For(i18n.English).Text(e.key, e.args) }

func usage(key string, args ...i18n.Args) error {
	e := usageError{key: key}
	if len(args) > 0 {
		e.args = args[0]
	}
	return e
}

// choice is a value that is none of those a flag takes.
func choice[T ~string](flag, value string, allowed []T) error {
	return usage("cli.error.choice", i18n.Args{"flag": flag, "value": value, "allowed": strings.Join(words(allowed), ", ")})
}

// words are names of any kind as plain text.
func words[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

// exitError ends the program with a status; everything has been said already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// fail says what went wrong on standard error and returns the exit status.
func (p *program) fail(err error) int {
	var (
		done    exitError
		wrong   usageError
		file    *mailbox.FileError
		invalid mailbox.Invalid
		diag    diagnosis.Diagnosis
		other   *oauth.OtherAccount
		write   *store.WriteError
	)
	switch {
	case errors.As(err, &done):
		return int(done)
	case errors.As(err, &wrong):
		p.tell(p.texts.Text(wrong.key, wrong.args))
		return exitUsage
	case errors.As(err, &file) && errors.As(err, &invalid):
		p.tell(file.Path + ": " + invalid.Text(p.texts))
		return exitUsage
	case errors.As(err, &invalid):
		p.tell(invalid.Text(p.texts))
		return exitUsage
	case errors.As(err, &other):
		p.showDiagnosis(p.Stderr, other.Diagnosis)
		return exitOtherAccount
	case errors.As(err, &diag):
		p.showDiagnosis(p.Stderr, diag)
		return statusOf(diag)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p.tell(p.texts.Text("cli.cancelled"))
		return exitCancelled
	case errors.As(err, &write):
		p.tell(write.Text(p.texts))
		return exitProblem
	}
	p.tell(redact.Line(err.Error()))
	return exitProblem
}

// tell writes one line to people.
func (p *program) tell(line string) { fmt.Fprintln(p.Stderr, "mailgrant: "+redact.Visible(line)) }

// statusOf maps a diagnosis that ended a command to its exit status.
func statusOf(d diagnosis.Diagnosis) int {
	switch d.Cause {
	case diagnosis.CauseHostNotAllowed, diagnosis.CauseHostForbidden:
		return exitUsage
	case diagnosis.CauseCancelled, diagnosis.CauseSignInTimeout:
		return exitCancelled
	case diagnosis.CauseAuthorizationMissing, diagnosis.CauseStoreDamaged, diagnosis.CauseStoreKeyUnavailable:
		return exitNoGrant
	}
	if d.Phase == diagnosis.PhaseRefresh && d.Retry == diagnosis.RetrySignIn {
		return exitNoGrant
	}
	return exitSignIn
}
