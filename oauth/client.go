// Package oauth signs a mailbox in at its sign-in service and renews what
// comes of it.
//
// SignIn sends the administrator's browser to the service, takes the answer
// on loopback, verifies who signed in and compares him with the account of
// the definition before anything is kept. Refresh renews. Errors are
// diagnoses with a cause and a fix; no error, event or log line carries a
// code, a token or a secret.
//
// The package keeps nothing itself: Request.Keep is given the grant. It knows
// no window and no mail protocol.
package oauth

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/loopback"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// DefaultTimeout is how long a sign-in may take: a first enrolment for
// multifactor authentication is slow.
const DefaultTimeout = 15 * time.Minute

// Account is who signed in, as the identity token says.
type Account struct {
	User     string `json:"user"` // preferred_username, or the address where there is none
	Issuer   string `json:"issuer"`
	Name     string `json:"name"`
	TenantID string `json:"tenant_id"`
	Email    string `json:"email"`
	Subject  string `json:"subject"`
	ObjectID string `json:"object_id"`
	Guest    bool   `json:"guest"` // of another tenant or provider
}

// Identity is how the account relates to the one that was expected.
type Identity string

// An account is judged to be one of these.
const (
	Same   Identity = "same"   // the account is the user
	Alias  Identity = "alias"  // the user's address is another one of the account
	Shared Identity = "shared" // the account is the user, who opens a shared mailbox
	Other  Identity = "other"  // somebody else: nothing is kept
)

// Grant is what a sign-in or a renewal gave.
type Grant struct {
	AccessToken  redact.Secret
	RefreshToken redact.Secret // empty where the service gives none
	IDToken      redact.Secret // empty where the service gives none
	TokenType    string        // as the service wrote it
	Endpoint     string        // the token endpoint that gave all this
	Public       bool          // it refused the client secret and gave this without
	Proved       bool          // it took the client secret or certificate
	Expires      time.Time     // of the access token, UTC
	Granted      []string      // full scope strings
	Account      Account       // empty after a renewal
	Identity     Identity      // empty after a renewal
}

// OtherAccount is the error of a sign-in as somebody else.
type OtherAccount struct {
	Expected  string // the definition's user
	Account   Account
	Diagnosis diagnosis.Diagnosis
}

func (e *OtherAccount) Error() string {
	return "oauth: signed in as " + redact.Line(e.Account.User) + ", expected " + e.Expected
}

func (e *OtherAccount) Unwrap() error { return e.Diagnosis }

// Request is one sign-in.
type Request struct {
	Mailbox      mailbox.Definition
	SignIn       string        // way to sign in, "" = the definition's
	Prompt       string        // "" = the definition's
	Timeout      time.Duration // 0 = DefaultTimeout
	ClientSecret redact.Secret // sent where there is one and the service takes it

	Opener Opener        // starts browsers; nil = those of the system
	Pasted <-chan string // answers and error texts the user pastes; nil = none
	Again  <-chan string // ways in which the user wants the address opened again; nil = none

	// OnEvent is called in order from one goroutine; it must not block.
	OnEvent func(Event)

	// Keep is called after the identity verdict and before the result page
	// says that it worked. Its error fails the sign-in.
	Keep func(context.Context, Grant) error
}

// Client talks to sign-in services. The zero value works; a Client may be
// used by several goroutines, and is closed when its work is done.
type Client struct {
	HTTP  *http.Client     // nil = HTTPClient of an empty definition
	Texts *i18n.Texts      // of the result page; nil = English
	Now   func() time.Time // nil = time.Now
	Log   *slog.Logger     // nil = none

	services sync.Map // of *service, by discovery address and kind of account

	after  func(time.Duration) <-chan time.Time // nil = time.After; for tests
	listen loopback.ListenFunc                  // nil = the real one; for tests
	direct *http.Client                         // nil = without any proxy; for tests
}

func (c *Client) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

func (c *Client) log() *slog.Logger { return cmp.Or(c.Log, slog.New(slog.DiscardHandler)) }

func (c *Client) texts() *i18n.Texts { return cmp.Or(c.Texts, i18n.For(i18n.English)) }

func (c *Client) timer(d time.Duration) <-chan time.Time {
	if c.after != nil {
		return c.after(d)
	}
	return time.After(d)
}

func (c *Client) http() *http.Client { return cmp.Or(c.HTTP, plainClient()) }

// Close ends the client's idle connections: one that a late request left behind
// would stay open for as long as a sign-in may last.
func (c *Client) Close() { c.http().CloseIdleConnections() }
