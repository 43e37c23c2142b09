package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

const (
	exitGood         = 0
	exitProblem      = 1 // a test found a problem
	exitUsage        = 2 // wrong use or definition
	exitSignIn       = 3 // sign-in failed
	exitOtherAccount = 4 // signed in as somebody else; nothing stored
	exitNoGrant      = 5 // no usable authorization
	exitCancelled    = 6 // cancelled or timed out
)

// exitError ends the program with a status; everything has been said already.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func exit(status int) error {
	if status == exitGood {
		return nil
	}
	return exitError(status)
}

// ending is what an error means: the exit status, the line for people, and
// what is told at length, or as JSON, in its place.
type ending struct {
	status    int
	line      string               // "": everything has been said
	diagnosis *diagnosis.Diagnosis // nil: the line says it all
	other     *oauth.OtherAccount  // somebody else has signed in
}

// endingOf says it for every command.
func (p *program) endingOf(err error) ending {
	var (
		done   exitError
		wrong  usageError
		diag   diagnosis.Diagnosis
		other  *oauth.OtherAccount
		worded interface { // for people, by the package that it comes from
			error
			Text(*i18n.Texts) string
		}
	)
	switch {
	case errors.As(err, &done):
		return ending{status: int(done)}
	case errors.As(err, &wrong):
		return ending{status: exitUsage, line: p.texts.Text(wrong.key, wrong.args)}
	case errors.As(err, &other):
		return ending{status: exitOtherAccount, line: other.Diagnosis.Render(p.texts).Title, diagnosis: &other.Diagnosis, other: other}
	case errors.As(err, &diag):
		return ending{status: statusOf(diag), line: diag.Render(p.texts).Title, diagnosis: &diag}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ending{status: exitCancelled, line: p.texts.Text("cli.cancelled")}
	case errors.As(err, &worded):
		e := ending{status: exitProblem, line: worded.Text(p.texts)}
		switch worded.(type) {
		case mailbox.Invalid:
			e.status = exitUsage
			if file, is := errors.AsType[*mailbox.FileError](err); is {
				e.line = file.Path + ": " + e.line
			}
		case *authorization.SecretError:
			e.status = exitUsage
		}
		return e
	}
	if at, is := errors.AsType[*fs.PathError](err); is {
		if errors.Is(err, syscall.ENOTDIR) {
			if wrong, is := errors.AsType[*store.FolderError](store.CheckPath(at.Path)); is {
				return p.endingOf(wrong)
			}
		}
		if errors.Is(err, fs.ErrPermission) {
			return ending{status: exitProblem, line: p.texts.Text("store.forbidden", i18n.Args{"path": at.Path})}
		}
		return ending{status: exitProblem, line: redact.Line(at.Path + ": " + at.Err.Error())}
	}
	return ending{status: exitProblem, line: redact.Line(err.Error())}
}

// fail says what went wrong on standard error and returns the exit status.
func (p *program) fail(err error) int {
	o := p.endingOf(err)
	switch {
	case o.diagnosis != nil:
		p.showDiagnosis(p.Stderr, *o.diagnosis)
	case o.line != "":
		p.tell(o.line)
	}
	return o.status
}

// statusOf maps a diagnosis that ended a command to its exit status.
func statusOf(d diagnosis.Diagnosis) int {
	switch d.Cause {
	case diagnosis.CauseHostNotAllowed, diagnosis.CauseHostForbidden:
		return exitUsage
	case diagnosis.CauseCancelled, diagnosis.CauseSignInTimeout:
		return exitCancelled
	case diagnosis.CauseAuthorizationMissing, diagnosis.CausePasswordMissing, diagnosis.CauseStoreDamaged, diagnosis.CauseStoreKeyUnavailable:
		return exitNoGrant
	}
	if d.Phase == diagnosis.PhaseRefresh && d.Retry == diagnosis.RetrySignIn {
		return exitNoGrant
	}
	return exitSignIn
}

// statusOfTest is 5 where there is nothing to sign in with, also for a test that
// did not come as far as that; why is then to be told.
func (p *program) statusOfTest(d mailbox.Definition, r *mailtest.Report) (status int, why string) {
	switch {
	case r.OK():
		return exitGood, ""
	case r.NoAuthorization():
		return exitNoGrant, ""
	}
	switch state := p.stateOf(d); {
	case state == string(mailbox.AuthPassword) && !p.m().HasSecret(d, authorization.Password):
		return exitNoGrant, ""
	case state == string(mailbox.AuthPassword), state == string(authorization.StateValid):
		return exitProblem, ""
	default:
		return exitNoGrant, p.texts.Text("cli.status."+state, i18n.Args{"mailbox": d.Name, "account": d.User})
	}
}

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

// unreadable says why a file cannot be read that somebody has named.
func (p *program) unreadable(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return usage("cli.error.no-file", i18n.Args{"file": file})
	}
	return usage("cli.error.file", i18n.Args{"file": file, "reason": strings.TrimPrefix(p.endingOf(err).line, file+": ")})
}

// unwritten says why a file cannot be written that somebody has named.
func (p *program) unwritten(file string, err error) error {
	return usage("cli.error.write", i18n.Args{"file": file, "reason": strings.TrimPrefix(p.endingOf(err).line, file+": ")})
}

// writeNew writes a file that is not to be there yet.
func (p *program) writeNew(file string, data []byte, mode fs.FileMode) error {
	if err := p.mayBeWritten(file); err != nil {
		return err
	}
	switch err := store.WriteNew(file, data, mode); {
	case errors.Is(err, fs.ErrExist):
		return usage("cli.error.file-exists", i18n.Args{"file": file})
	case err != nil:
		return p.unwritten(file, err)
	}
	return nil
}

// choice refuses a value that is none of those a flag takes.
func choice[T ~string](flag, value string, allowed []T) error {
	if slices.Contains(allowed, T(value)) {
		return nil
	}
	return usage("cli.error.choice", i18n.Args{"flag": flag, "value": value, "allowed": strings.Join(words(allowed), ", ")})
}

// choices is choice for a list, from which it takes the blanks around the commas.
func choices[T ~string](flag string, values []string, allowed []T) (err error) {
	for i, value := range values {
		values[i] = strings.TrimSpace(value)
		err = cmp.Or(err, choice(flag, values[i], allowed))
	}
	return err
}

// optional is choice for a flag that may be left out.
func optional[T ~string](flag, value string, allowed []T) error {
	if value == "" {
		return nil
	}
	return choice(flag, value, allowed)
}

// positive refuses a time that is none.
func positive(flag string, value time.Duration) error {
	if value > 0 {
		return nil
	}
	return usage("cli.error.duration", i18n.Args{"flag": flag, "value": value.String()})
}

func words[T ~string](names []T) []string { return typed[string](names) }

func typed[T, U ~string](names []U) []T {
	out := make([]T, len(names))
	for i, n := range names {
		out[i] = T(n)
	}
	return out
}

// tell writes one line to people.
func (p *program) tell(line string) { fmt.Fprintln(p.Stderr, "mailgrant: "+redact.Visible(line)) }

// note writes a sentence to people.
func (p *program) note(key string, args ...i18n.Args) {
	fmt.Fprintln(p.Stderr, p.texts.Text(key, args...))
}
