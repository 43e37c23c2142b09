// Package overview sums each mailbox up in one row: how its authorization
// stands, until when, and what the last test found.
//
// A row is read from what is stored and asks nobody. The window's table, the
// command status --all and the watchman (package monitor) share it.
package overview

import (
	"cmp"
	"errors"
	"iter"
	"maps"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// The states that a mailbox has beside those of an authorization.
const (
	StatePassword   authorization.State = "password"   // it signs in with a password
	StateUnreadable authorization.State = "unreadable" // definition, authorization or password cannot be read
)

// Row is one mailbox.
type Row struct {
	Name                 string
	Definition           mailbox.Definition        // empty where it cannot be read
	authorization.Status                           // what is stored; where it signs in with a password, the state and why it cannot
	Secret               authorization.Credentials // of an application or a confidential client

	Results map[mailtest.Protocol]history.Result // the last of each protocol that has a server; skipped where a sign-in since mended it
	Tested  time.Time                            // the last test; zero: never
	Cause   diagnosis.Cause                      // what is wrong, or ""
	Finding string                               // the same in a few words
}

// Rows sums all saved mailboxes up, by name. A mailbox that cannot be read has
// a row too.
func Rows(m *authorization.Manager, t *i18n.Texts) ([]*Row, error) {
	all, err := m.Book.All()
	rows := make([]*Row, len(all))
	for i, saved := range all {
		if saved.Err != nil {
			rows[i] = &Row{Name: saved.Name, Status: authorization.Status{State: StateUnreadable}, Finding: t.Text("overview.definition")}
		} else {
			rows[i] = RowOf(m, t, saved.Definition)
		}
	}
	return rows, err
}

// RowOf sums one mailbox up.
func RowOf(m *authorization.Manager, t *i18n.Texts, d mailbox.Definition) *Row {
	last, _, _ := m.History.Latest(d) // what cannot be read is as good as none
	return RowAfter(m, t, d, last)
}

// RowAfter sums a mailbox up after a test; the zero entry: there was none.
func RowAfter(m *authorization.Manager, t *i18n.Texts, d mailbox.Definition, e history.Entry) *Row {
	return Read(m, d).Row(t, d, e)
}

// Stored is what is stored for a mailbox to sign in with.
type Stored struct {
	Status authorization.Status
	Err    error                     // why that cannot be read
	Secret authorization.Credentials // of an application or a confidential client
	Shut   error                     // why that, or a password, cannot be opened
}

// Keeper reads what is stored; *authorization.Manager in the program.
type Keeper interface {
	Status(mailbox.Definition) (authorization.Status, error)
	Credentials(mailbox.Definition) (authorization.Credentials, error)
	CheckPassword(mailbox.Definition) error
}

// Read reads what is stored for a mailbox.
func Read(k Keeper, d mailbox.Definition) (s Stored) {
	if d.Authentication == mailbox.AuthOAuth2 {
		s.Status, s.Err = k.Status(d)
		s.Secret, s.Shut = k.Credentials(d)
		return s
	}
	s.Status.State, s.Shut = authorization.StateNone, k.CheckPassword(d)
	return s
}

// Unreadable is why an authorization cannot be used, though it may be stored: it
// cannot be opened, or what renews it; nil: it can.
func (s Stored) Unreadable() error {
	if s.Err == nil && s.Status.State == authorization.StateValid {
		return s.Shut
	}
	return s.Err
}

// Row sums up what is stored for a mailbox and what its last test found.
func (s Stored) Row(t *i18n.Texts, d mailbox.Definition, e history.Entry) *Row {
	r := &Row{Name: d.Name, Definition: d, Status: s.Status, Secret: s.Secret, Tested: e.At, Results: maps.Clone(e.Results)}
	switch {
	case d.Authentication == mailbox.AuthOAuth2:
		if s.Unreadable() != nil {
			r.State = StateUnreadable
		}
	default:
		r.State = StatePassword
		if diag, named := errors.AsType[diagnosis.Diagnosis](s.Shut); named {
			r.Diagnosis = &diag
		}
		if s.Shut != nil && (r.Diagnosis == nil || r.Diagnosis.Cause != diagnosis.CausePasswordMissing) {
			r.State = StateUnreadable
		}
	}
	if cause, fails := r.left(e); fails {
		e.Cause = cause
		r.Cause, r.Finding = cause, e.Title(t)
	}
	r.explain(t)
	return r
}

// left is the cause of what does not work and what a sign-in since has not mended,
// also among the results that a test took over from older ones.
func (r *Row) left(e history.Entry) (cause diagnosis.Cause, fails bool) {
	for _, p := range mailtest.Tests() {
		res, tested := e.Results[p]
		c := cmp.Or(res.Cause, e.Cause)
		signedInSince := r.State == authorization.StateValid && cmp.Or(res.At, e.At).Before(r.Issued.Truncate(time.Second))
		switch {
		case !tested || res.State.Works():
			continue
		case signedInSince && wantsSignIn(c):
			r.Results[p] = history.Result{State: mailtest.Skipped, At: res.At}
			continue
		}
		if !fails || c == e.Cause { // the first that the test found, if it is left
			cause, fails = c, true
		}
	}
	return cause, fails
}

// wantsSignIn tells whether a new authorization is what mends a cause.
func wantsSignIn(c diagnosis.Cause) bool {
	return diagnosis.RetryOf(c) == diagnosis.RetrySignIn
}

// explain lets an authorization that cannot be used be the first cause; one that
// there is not comes after what keeps from signing in.
func (r *Row) explain(t *i18n.Texts) {
	switch {
	case r.Usable() && r.Finding != "":
	case r.Usable() && r.Diagnosis != nil && r.Renewable: // a renewal was refused, and the token before it still works
		r.Cause, r.Finding = r.Diagnosis.Cause, r.Diagnosis.Render(t).Title
	case r.Usable() && !r.Secret.Ends.IsZero() && r.Secret.Ends.Before(time.Now()):
		r.Cause, r.Finding = "client-secret-expired", t.Text("monitor.ended."+r.SecretKind())
		if r.Secret.Certificate {
			r.Cause = "client-certificate-invalid"
		}
	case r.Usable():
	case (r.State == authorization.StateNone || r.State == StatePassword) && r.Finding != "" && !wantsSignIn(r.Cause):
	case r.Diagnosis != nil:
		r.Cause, r.Finding = r.Diagnosis.Cause, r.Diagnosis.Render(t).Title
	default:
		if r.State == authorization.StateNone {
			r.Cause = diagnosis.CauseAuthorizationMissing
		}
		r.Finding = t.Text("overview.state." + string(r.State))
	}
}

// Protocols visits the results of the last test in the usual order; a round trip
// is no protocol.
func (r *Row) Protocols() iter.Seq2[mailbox.Protocol, history.Result] {
	return func(yield func(mailbox.Protocol, history.Result) bool) {
		for _, p := range mailbox.Protocols() {
			if res, tested := r.Results[p]; tested && !yield(p, res) {
				return
			}
		}
	}
}

// Usable reports whether there is something to sign in with.
func (r *Row) Usable() bool {
	return r.State == authorization.StateValid || r.State == StatePassword && r.Diagnosis == nil
}

// Ends is when the authorization ends if nobody uses it, an application's with
// its credential, one that cannot be renewed with its access token; zero: not
// known, or it does not end.
func (r *Row) Ends() time.Time {
	switch o := r.Definition.OAuth; {
	case o != nil && o.AccountType == mailbox.AccountApplication:
		return r.Secret.Ends
	case r.EndsIfUnusedBy.IsZero() && !r.Renewable:
		return r.AccessExpires
	}
	return r.EndsIfUnusedBy
}

// Until is when the first of the authorization and of the credential that
// renews it ends; zero: not known, or neither does.
func (r *Row) Until() time.Time {
	if ends, secret := r.Ends(), r.Secret.Ends; ends.IsZero() || !secret.IsZero() && secret.Before(ends) {
		return secret
	}
	return r.Ends()
}

// SecretKind is what the application proves itself by, as the texts name it.
func (r *Row) SecretKind() string {
	if r.Secret.Certificate {
		return "certificate"
	}
	return "secret"
}

// OK reports whether the last test found everything in order.
func (r *Row) OK() bool {
	return r.Usable() && history.Entry{Results: r.Results}.OK()
}

// Broken reports whether something is wrong. What is neither OK nor broken was not
// tested yet, or not since the sign-in that mended it.
func (r *Row) Broken() bool {
	return !r.Fresh() && (!r.Usable() || r.Cause != "" || r.Finding != "")
}

// Fresh reports that nobody has signed in or tested yet, as after an import: no
// fault, but nothing to sign in with either.
func (r *Row) Fresh() bool {
	return r.Tested.IsZero() && (r.State == authorization.StateNone || r.State == StatePassword && !r.Usable())
}

// Address is whose mailbox it is.
func (r *Row) Address() string { return r.Definition.Address() }

// Days is how many whole days are left until a time, 0 when it is over.
func Days(until, now time.Time) int {
	return max(0, int(until.Sub(now)/(24*time.Hour)))
}
