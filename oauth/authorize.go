package oauth

import (
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// authRequest is one authorization request (RFC 6749, 4.1.1): what was sent to the browser,
// and what the answer has to carry.
type authRequest struct {
	config   oauth2.Config
	state    string
	nonce    string
	verifier redact.Secret
	url      string // the authorize address
}

// newAuthRequest builds the authorize address (RFC 6749, 4.1.1; RFC 7636, 4.3;
// OpenID Connect Core 1.0, 3.1.2.1).
func newAuthRequest(r Request, s *service, redirect string) authRequest {
	verifier := oauth2.GenerateVerifier()
	a := authRequest{config: config(r, s), state: random(32), nonce: random(32), verifier: redact.NewSecret(verifier)}
	a.config.RedirectURL = redirect
	options := append(mannersOf(*r.Mailbox.OAuth).prompts(r), oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(verifier))
	a.url = a.config.AuthCodeURL(a.state, options...)
	if others := r.Mailbox.OtherResources(); len(others) > 0 {
		if more := mannersOf(*r.Mailbox.OAuth).indicators(r.Mailbox, append(others, "")...); len(more) > 0 {
			a.url += "&" + more.Encode()
		}
	}
	return a
}

// config is the application as the service knows it.
func config(r Request, s *service) oauth2.Config {
	return oauth2.Config{ClientID: r.Mailbox.OAuth.ClientID, Endpoint: s.endpoint, Scopes: Scopes(r.Mailbox)}
}

// withSecret asks for tokens with the application's secret, and once more
// without it where the service takes none: to Entra one application is a public
// client at the redirect address of a desktop program and a confidential one at
// that of a server product, which the secret may be for. That it looks at this
// before it spends a code is neither documented nor was it tried live: where a
// code, which is good once, is refused then, the first refusal is the reason.
func withSecret[T any](secret redact.Secret, once bool, ask func(secret string) (T, error)) (got T, public bool, err error) {
	if IsCertificate(secret) { // a private key is nothing to send
		secret = redact.Secret{}
	}
	got, err = ask(secret.Reveal())
	var refused *oauth2.RetrieveError
	if secret.Empty() || !errors.As(err, &refused) {
		return got, false, err
	}
	d := diagnosis.Explain(diagnosis.Input{Phase: diagnosis.PhaseToken, Text: string(refused.Body)})
	if d.Cause == diagnosis.CauseClientSecretUnwanted {
		first := err
		got, err = ask("")
		if once && errors.As(err, &refused) && refused.ErrorCode == "invalid_grant" {
			return got, false, first
		}
		return got, true, err
	}
	return got, false, err
}

func (r Request) limit() time.Duration { return cmp.Or(max(r.Timeout, 0), DefaultTimeout) }

func (r Request) prompt() string { return cmp.Or(r.Prompt, r.Mailbox.OAuth.Prompt) }

// promptWord is the prompt in the words of OpenID Connect Core 1.0, 3.1.2.1.
func (r Request) promptWord() string {
	if r.prompt() == mailbox.PromptSelectAccount {
		return "select_account"
	}
	return "login"
}

func param(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }

func (r Request) way() string { return WayFor(cmp.Or(r.SignIn, r.Mailbox.OAuth.SignIn)) }

// redirectURI is where the answer goes. Microsoft ignores the port of a
// loopback address and compares the path exactly, so there is none.
func redirectURI(o mailbox.OAuth, port string) string {
	if o.PasteOnly() {
		return o.Redirect
	}
	return strings.TrimSuffix(o.Redirect, "/") + ":" + port
}

// random returns n random bytes in an address-safe form.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}
