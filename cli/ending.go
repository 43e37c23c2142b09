package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
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
		if errors.Is(err, fs.ErrPermission) {
			return ending{status: exitProblem, line: p.texts.Text("store.forbidden", i18n.Args{"path": at.Path})}
		}
		return ending{status: exitProblem, line: redact.Line(at.Path + ": " + reason(err))}
	}
	return ending{status: exitProblem, line: redact.Line(reason(err))}
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

func statusOfReport(r *mailtest.Report) int {
	switch {
	case r.NoAuthorization():
		return exitNoGrant
	case r.OK():
		return exitGood
	}
	return exitProblem
}
