package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
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
