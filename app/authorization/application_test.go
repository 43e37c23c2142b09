package authorization

import (
	"errors"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// An application's authorization from when it shared a key with a user is
// found, moved, and never taken for the user's.
func TestAnApplicationsOldFileIsMoved(t *testing.T) {
	for _, forget := range []bool{false, true} {
		r := newRig(t)
		application := r.d.Clone()
		application.OAuth.AccountType = mailbox.AccountApplication
		old := record{held: held{AccessToken: sealed{redact.NewSecret("an application's token")}}, Account: oauth.Account{User: r.d.User}}
		data, err := old.encode()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.grant.Save(oauth.OldKey(application), data); err != nil {
			t.Fatal(err)
		}
		if _, err := r.load(r.d); err == nil {
			t.Error("the user has the application's authorization")
		}
		if forget {
			if _, err := r.Forget(t.Context(), application); err != nil {
				t.Fatal(err)
			}
		} else if got, err := r.load(application); err != nil || got.AccessToken != old.AccessToken {
			t.Errorf("load = %v, %v", got, err)
		}
		if _, err := r.grant.Load(oauth.OldKey(application)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the old file: %v", err)
		}
		if got, err := r.load(application); (err != nil) != forget {
			t.Errorf("afterwards (forgotten %t): %v, %v", forget, got, err)
		}
	}
}

func TestAUsersAuthorizationIsNoApplications(t *testing.T) {
	r := newRig(t)
	r.signIn(t)
	application := r.d.Clone()
	application.OAuth.AccountType = mailbox.AccountApplication
	if _, err := r.load(application); err == nil {
		t.Error("the application has the user's authorization")
	}
	if _, err := r.load(r.d); err != nil {
		t.Errorf("the user's is gone: %v", err)
	}
}
