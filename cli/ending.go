package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"mailgrant/app/authorization"
	"mailgrant/internal/bounded"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// The exit statuses.
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
		done    exitError
		wrong   usageError
		file    *mailbox.FileError
		invalid mailbox.Invalid
		diag    diagnosis.Diagnosis
		other   *oauth.OtherAccount
		unread  *bounded.Error
		write   *store.WriteError
		folder  *store.FolderError
		unfit   *authorization.SecretError
	)
	switch {
	case errors.As(err, &done):
		return ending{status: int(done)}
	case errors.As(err, &wrong):
		return ending{status: exitUsage, line: p.texts.Text(wrong.key, wrong.args)}
	case errors.As(err, &file) && errors.As(err, &invalid):
		return ending{status: exitUsage, line: file.Path + ": " + invalid.Text(p.texts)}
	case errors.As(err, &invalid):
		return ending{status: exitUsage, line: invalid.Text(p.texts)}
	case errors.As(err, &unfit):
		return ending{status: exitUsage, line: unfit.Text(p.texts)}
	case errors.As(err, &other):
		return ending{status: exitOtherAccount, line: other.Diagnosis.Render(p.texts).Title, diagnosis: &other.Diagnosis, other: other}
	case errors.As(err, &diag):
		return ending{status: statusOf(diag), line: diag.Render(p.texts).Title, diagnosis: &diag}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ending{status: exitCancelled, line: p.texts.Text("cli.cancelled")}
	case errors.As(err, &unread):
		return ending{status: exitProblem, line: unread.Text(p.texts)}
	case errors.As(err, &write):
		return ending{status: exitProblem, line: write.Text(p.texts)}
	case errors.As(err, &folder):
		return ending{status: exitProblem, line: folder.Text(p.texts)}
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

// statusOfReport is the exit status of a test.
func statusOfReport(r *mailtest.Report) int {
	switch {
	case r.NoAuthorization():
		return exitNoGrant
	case r.OK():
		return exitGood
	}
	return exitProblem
}
