package authorization

import (
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
)

// Mailboxes share an authorization: what is told of its account is about the
// one that is looked at, whichever of them signed in.
func TestTheIdentityIsThatOfTheMailboxLookedAt(t *testing.T) {
	own := mailbox.Definition{User: "helpdesk@contoso.com"}
	shared := mailbox.Definition{User: "helpdesk@contoso.com", SharedMailbox: "info@contoso.com"}
	for _, c := range []struct {
		d            mailbox.Definition
		stored, want oauth.Identity
	}{
		{own, oauth.Same, oauth.Same},
		{own, oauth.Alias, oauth.Alias},
		{own, oauth.Shared, oauth.Same},
		{shared, oauth.Shared, oauth.Shared},
		{shared, oauth.Same, oauth.Shared},
		{shared, "", ""},
	} {
		if got := identityFor(c.d, c.stored); got != c.want {
			t.Errorf("%q, stored %s: %s", c.d.SharedMailbox, c.stored, got)
		}
	}
}
