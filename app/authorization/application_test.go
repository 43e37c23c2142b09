package authorization

import (
	"testing"

	"mailgrant/internal/mailbox"
)

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
