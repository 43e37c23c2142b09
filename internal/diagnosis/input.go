package diagnosis

import (
	"crypto/x509"
	"time"

	"mailgrant/internal/mailbox"
)

// Input is what is known about a failure.
type Input struct {
	Phase    Phase
	Step     string
	Provider Provider
	Text     string // the server's words, a pasted page, a log; may hold secrets
	Err      error  // the typed error, if there is one
	Evidence Evidence
	Usual    Usual
}

// Usual is what holds for a text from elsewhere that does not say it itself:
// that of the mailbox at hand.
type Usual struct {
	Phase    Phase // the protocol that the lines around say they are about
	Provider Provider
	OAuth    bool // it signs in with a token
}

// Evidence is what else is known; every field may be empty. It decides
// between causes that share a text.
type Evidence struct {
	// From the definition.
	User          string // who signs in (UPN)
	SharedMailbox string // whose mailbox, if not the user's
	Sender        string
	ClientID      string
	Tenant        string
	As            string // who signs in: "user", or "application" where there is none

	// Of the connection.
	Host      string
	Port      int
	Security  string              // tls, starttls, none
	SASLUser  string              // the user name sent in this session
	Mechanism string              // XOAUTH2, OAUTHBEARER, PLAIN, LOGIN
	Chain     []*x509.Certificate // as the server sent it, leaf first
	Received  []byte              // first bytes received where a protocol was expected
	Proxy     string              // a proxy that is set in the system, without credentials

	// Of the authorization.
	Claims  *Claims  // of the access token, where it is a JWT
	Account string   // preferred_username of the sign-in
	Granted []string // scopes granted, as the token response named them

	// Of the other checks, once they are through.
	SignedIn map[Phase]bool // true: that protocol accepted the sign-in; false: it refused; absent: not known
	Unopened map[Phase]bool // true: it accepted the sign-in and then did not open the mailbox

	// Of a text from elsewhere: how a test of this mailbox has just ended, by
	// protocol. It tells of the mailbox, never of another program's sign-in.
	Works map[Phase]bool

	ClockOffset time.Duration // our clock minus the server's Date

	Tried map[Experiment]string // the experiments that were made, with their results
}

// Of is the evidence with what a definition tells.
func (e Evidence) Of(d mailbox.Definition) Evidence {
	e.User, e.SharedMailbox, e.Sender = d.User, d.SharedMailbox, d.Sender
	if d.OAuth != nil {
		e.ClientID, e.Tenant, e.As = d.OAuth.ClientID, d.OAuth.Tenant, "user"
		if d.OAuth.AccountType == mailbox.AccountApplication {
			e.As = d.OAuth.AccountType
		}
	}
	return e
}

// Claims are those parts of an access token that tell why it is refused.
// They are read without checking a signature: evidence, never authority.
type Claims struct {
	Audience []string
	Scopes   []string // scp, of delegated access
	Roles    []string // of application access
	User     string   // upn, preferred_username or unique_name
	TenantID string
	IDType   string // idtyp: "app" for application access
	IDP      string // idp: another tenant or provider for guests
	Expires  time.Time
}
