package authorization

import (
	"cmp"
	"errors"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// State is what an authorization is good for.
type State string

// An authorization has one of these states. It is expired when the access token
// has ended and the refresh token's time without use is over.
const (
	StateValid   State = "valid"
	StateExpired State = "expired"
	StateRefused State = "refused"
	StateNone    State = "none"
)

// Status is what is known about a stored authorization.
type Status struct {
	State          State
	Account        oauth.Account
	Identity       oauth.Identity
	Granted        []string
	Missing        []string
	Issued         time.Time
	Renewed        time.Time
	AccessExpires  time.Time
	EndsIfUnusedBy time.Time            // zero where the provider says nothing, and once it is refused: it has no end to come
	EndsSooner     string               // key of the text that says what can end it sooner
	Renewable      bool                 // by its refresh token or, for an application, its secret
	Diagnosis      *diagnosis.Diagnosis // why it is refused, cannot be read or renewed, or is valid by older tokens than the last
}

// Status reads the stored authorization without asking anybody. A missing one
// is a state; the error is for a store that cannot be read (also set as the
// Status' Diagnosis where it has a name).
func (m *Manager) Status(d mailbox.Definition) (Status, error) {
	r, err := m.find(d)
	switch {
	case err == nil:
		return m.status(d, r), nil
	case errors.Is(err, store.ErrNotFound):
		return Status{State: StateNone}, nil
	}
	err = m.explain(d, err)
	var diag diagnosis.Diagnosis
	if !errors.As(err, &diag) {
		return Status{State: StateNone}, err
	}
	return Status{State: StateNone, Diagnosis: &diag}, err
}

func (m *Manager) status(d mailbox.Definition, r record) Status {
	s := Status{
		State: StateValid, Account: r.Account, Identity: identityFor(d, r.Identity),
		Granted: oauth.MailOnly(r.Granted), Missing: oauth.Missing(oauth.MailScopes(d), r.Granted),
		Issued: r.Issued, Renewed: r.Renewed, AccessExpires: r.Expires,
		Renewable: !r.RefreshToken.Empty(), EndsSooner: "authorization.ends-sooner." + rules(*d.OAuth),
	}
	if d.OAuth.AccountType == mailbox.AccountApplication {
		s.Renewable = m.HasSecret(d, ClientSecret)
	} else if !s.Renewable {
		s.Diagnosis = new(oauth.NotRenewable(d))
	} else if days := d.Profile().InactivityDays; days > 0 {
		s.EndsIfUnusedBy = r.Renewed.AddDate(0, 0, days)
	}
	if last := cmp.Or(r.Doubt, r.Refused); last != nil {
		s.Diagnosis = &last.Diagnosis
	}
	switch now := m.now(); {
	case r.Refused != nil:
		s.State, s.EndsIfUnusedBy = StateRefused, time.Time{}
	case now.After(r.Expires) && (!s.Renewable || !s.EndsIfUnusedBy.IsZero() && now.After(s.EndsIfUnusedBy)):
		s.State = StateExpired
	}
	return s
}

// identityFor is the verdict on an account for one of the mailboxes that share
// its authorization: another one of them may have signed in.
func identityFor(d mailbox.Definition, stored oauth.Identity) oauth.Identity {
	switch {
	case stored == "": // of an application
	case d.SharedMailbox != "":
		return oauth.Shared
	case stored == oauth.Shared:
		return oauth.Same
	}
	return stored
}

// rules names whose rules end an authorization.
func rules(o mailbox.OAuth) string {
	if o.AccountType == mailbox.AccountApplication || o.AccountType == mailbox.AccountConsumers {
		return o.AccountType
	}
	return o.Provider
}
