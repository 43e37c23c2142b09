package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// Scripts tell by the exit status what they can do about a failure.
func TestEachErrorHasItsExitStatus(t *testing.T) {
	named := func(c diagnosis.Cause) error { return diagnosis.New(c, diagnosis.PhaseToken, nil) }
	renewal := func(retry diagnosis.Retry) error {
		d := diagnosis.New(diagnosis.CauseUnknown, diagnosis.PhaseRefresh, nil)
		d.Retry = retry
		return d
	}
	p := &program{texts: i18n.For(i18n.English)}
	for _, tc := range []struct {
		err  error
		want int
	}{
		{exit(exitOtherAccount), exitOtherAccount},
		{usageError{key: "cli.cancelled"}, exitUsage},
		{mailbox.Invalid{}, exitUsage},
		{authorization.ErrBlank, exitUsage},
		{named(diagnosis.CauseHostNotAllowed), exitUsage},
		{named(diagnosis.CauseHostForbidden), exitUsage},
		{&oauth.OtherAccount{}, exitOtherAccount},
		{named(diagnosis.CauseCancelled), exitCancelled},
		{named(diagnosis.CauseSignInTimeout), exitCancelled},
		{context.Canceled, exitCancelled},
		{context.DeadlineExceeded, exitCancelled},
		{named(diagnosis.CauseAuthorizationMissing), exitNoGrant},
		{named(diagnosis.CausePasswordMissing), exitNoGrant},
		{named(diagnosis.CauseStoreDamaged), exitNoGrant},
		{named(diagnosis.CauseStoreKeyUnavailable), exitNoGrant},
		{renewal(diagnosis.RetrySignIn), exitNoGrant},
		{renewal(diagnosis.RetryWait), exitSignIn},
		{named(diagnosis.CauseUnknown), exitSignIn},
		{errors.New("anything else"), exitProblem},
	} {
		for _, err := range []error{tc.err, fmt.Errorf("wrapped: %w", tc.err)} {
			if got := p.endingOf(err).status; got != tc.want {
				t.Errorf("%T %v: exit status %d, want %d", tc.err, err, got, tc.want)
			}
		}
	}
}

// A disk that takes nothing has its name for scripts too, and the words of what
// can be mended.
func TestAFullDiskHasACause(t *testing.T) {
	p := &program{texts: i18n.For(i18n.English)}
	full := &store.WriteError{Folder: "/srv", Full: true, Err: errors.New("no space left on device")}
	file := &store.FolderError{Folder: "/srv/file", Key: "store.not-a-folder"}
	for err, words := range map[error]string{full: full.Text(p.texts), file: file.Text(p.texts)} {
		if got := p.failed(fmt.Errorf("wrapped: %w", err)).Diagnosis; got.Cause != diagnosis.CauseStoreDamaged || got.ServerText != words {
			t.Errorf("%+v", got)
		}
	}
	if got := p.failed(errors.New("anything else")).Diagnosis; got.Cause != diagnosis.CauseUnknown {
		t.Errorf("%+v", got)
	}
}

// What a sign-in service says of an account and its permissions moves no cursor.
func TestAStatusIsFitToBeShown(t *testing.T) {
	var b bytes.Buffer
	p := &program{Environment: Environment{Stdout: &b, Stderr: &b}, texts: i18n.For(i18n.English)}
	p.printStatus(mailbox.Definition{Name: "Helpdesk"}, authorization.Status{
		State: authorization.StateValid, Account: oauth.Account{User: "a\x1b[2J", Name: "b\u202e", TenantID: "c\x07"},
		Granted: []string{"d\x1b]0;x"}, Missing: []string{"e\x9b"}, EndsSooner: "authorization.ends-sooner.microsoft",
	})
	if got := b.String(); strings.ContainsAny(got, "\x1b\x07\u009b\u202e") || !strings.Contains(got, `a\u001B[2J  b\u202E`) {
		t.Errorf("it shows %q", got)
	}
}

// Why a file was not written is said in the reader's language.
func TestWhyAFileWasNotWritten(t *testing.T) {
	p := &program{texts: i18n.For(i18n.German)}
	err := p.unwritten("x", &store.WriteError{Folder: "dort", Err: fs.ErrPermission})
	if e := p.endingOf(err); e.status != exitUsage || !strings.Contains(e.line, "In den Ordner dort kann nicht geschrieben werden") {
		t.Errorf("%+v", e)
	}
}
