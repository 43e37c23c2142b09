package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// evidence is what the definition tells a diagnosis.
func evidence(ctx context.Context, d mailbox.Definition) diagnosis.Evidence {
	return diagnosis.Evidence{Proxy: ProxyFor(ctx, Authority(*d.OAuth))}.Of(d)
}

// explain turns an error of a request to the sign-in service into a
// diagnosis. Only redacted text gets past it, without what was sent (secrets),
// should the service repeat it.
func explain(ctx context.Context, d mailbox.Definition, phase diagnosis.Phase, err error, secrets ...redact.Secret) diagnosis.Diagnosis {
	if known, named := errors.AsType[diagnosis.Diagnosis](err); named {
		return known
	}
	if ctx.Err() == context.Canceled { // else it is the service that takes its time
		return diagnosis.New(diagnosis.CauseCancelled, phase, nil)
	}
	if errors.Is(err, errNoAnswer) || errors.Is(err, errNoTokens) || errors.Is(err, errNoDocument) {
		return unexpected(d, phase, err.Error())
	}
	in := diagnosis.Input{Phase: phase, Provider: familyOf(*d.OAuth), Err: err, Evidence: evidence(ctx, d)}
	refused, answered := errors.AsType[*oauth2.RetrieveError](err)
	if answered {
		refused = scrub(refused, secrets)
		in.Text, in.Err = string(refused.Body), refused
	} else {
		in.Text = redact.Text(err.Error())
	}
	diag := diagnosis.Explain(in)
	if answered && diag.Vague() && passing(refused.Response.StatusCode) {
		in.Text = refused.Response.Status + "\n" + in.Text // the status says what the words do not
		diag = diagnosis.Explain(in)
	}
	isBasic := func(method string) bool { return strings.EqualFold(method, "Basic") }
	if proxy, is := errors.AsType[*proxyRefused](err); is && len(proxy.methods) > 0 && !slices.ContainsFunc(proxy.methods, isBasic) {
		diag.Args[ArgProxyTakesNoPassword] = "true"
	}
	if diag.Vague() && isUnexpected(in.Err) {
		what := in.Text
		if answered {
			what = statusOf(refused.Response) + "\n" + what
		}
		return unexpected(d, phase, what)
	}
	refuses := answered && !passing(refused.Response.StatusCode)
	if !refuses && diag.Retry == diagnosis.RetryNo && (diag.Vague() || phase == diagnosis.PhaseRefresh) {
		// The service has not refused: an unattended renewal tries again
		// later, whatever stands in the way now.
		diag.Retry = diagnosis.RetryWait
	}
	return diag
}

// statusOf is the status of an answer, the address it came from and, where it
// leads elsewhere, that one: a portal is known by it.
func statusOf(r *http.Response) string {
	text := r.Status
	if r.Request != nil {
		text += ", " + (&url.URL{Scheme: r.Request.URL.Scheme, Host: r.Request.URL.Host, Path: r.Request.URL.Path}).String()
	}
	if to, err := r.Location(); err == nil {
		to.RawQuery, to.Fragment, to.User = "", "", nil
		text += ", Location: " + to.String()
	}
	return text
}

// passing reports whether a status says "not now" and nothing else.
func passing(status int) bool {
	return status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout
}

func scrub(err *oauth2.RetrieveError, secrets []redact.Secret) *oauth2.RetrieveError {
	var sent redact.Known
	for _, s := range secrets {
		sent.Add(s.Reveal())
	}
	mask := func(s string) string { return redact.Mask(sent.Mask(s)) }
	return &oauth2.RetrieveError{
		Response: err.Response, Body: []byte(mask(string(err.Body))),
		ErrorCode: mask(err.ErrorCode), ErrorDescription: mask(err.ErrorDescription), ErrorURI: mask(err.ErrorURI),
	}
}

// explainAnswer is explain for the text of an error that came back through the
// browser.
func explainAnswer(ctx context.Context, d mailbox.Definition, text string) diagnosis.Diagnosis {
	return diagnosis.Explain(diagnosis.Input{
		Phase: diagnosis.PhaseAuthorize, Provider: familyOf(*d.OAuth), Evidence: evidence(ctx, d), Text: text,
	})
}

// reason is a diagnosis of ours with what exactly was wrong, in English, in
// the place of the server's words.
func reason(cause diagnosis.Cause, phase diagnosis.Phase, what string) diagnosis.Diagnosis {
	d := diagnosis.New(cause, phase, nil)
	d.ServerText = redact.Text(what)
	return d
}

// newOtherAccount is the refusal of somebody else's account.
func newOtherAccount(d mailbox.Definition, a Account) *OtherAccount {
	cause := diagnosis.CauseTokenUserMismatch
	if a.Guest {
		cause = diagnosis.CauseTokenForGuestAccount
	}
	diag := diagnosis.New(cause, diagnosis.PhaseAuthorize, i18n.Args{
		"account": redact.Line(a.User), "user": d.User, "mailbox": d.Address(), "expected": d.User,
	})
	return &OtherAccount{Expected: d.User, Account: a, Diagnosis: diag}
}

// unexpected is the diagnosis of an answer that no sign-in service gives, with
// what is wrong about it, in English, in the place of the service's words.
func unexpected(d mailbox.Definition, phase diagnosis.Phase, what string) diagnosis.Diagnosis {
	diag := diagnosis.New(diagnosis.CauseSignInServiceAnswer, phase, i18n.Args{"host": AuthorityHost(*d.OAuth)})
	diag.ServerText = redact.Text(what)
	if phase == diagnosis.PhaseRefresh {
		diag.Retry = diagnosis.RetryWait // nothing was refused; see explain
	}
	return diag
}

// isUnexpected reports whether an error stands for such an answer: neither
// tokens nor an error in the form of RFC 6749, 5.2. x/oauth2 gives the first
// kind no type.
func isUnexpected(err error) bool {
	if refused, is := errors.AsType[*oauth2.RetrieveError](err); is {
		return !passing(refused.Response.StatusCode) && !namesError(refused.Body)
	}
	text := err.Error()
	return slices.ContainsFunc(noAnswer, func(words string) bool { return strings.Contains(text, words) })
}

// noAnswer are the words of x/oauth2, of net/http and of what reads a body for
// an answer that is none. Their errors have no type.
var noAnswer = []string{
	"oauth2: cannot parse", "oauth2: server response missing",
	"HTTP/1.x transport connection broken", "invalid byte in chunk length", "malformed chunked encoding", "chunk length too large", "gzip: invalid",
}

// namesError reports whether a body is an error answer.
func namesError(body []byte) bool {
	var answer struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &answer) // what is no JSON names no error
	return answer.Error != ""
}

// checkTokens refuses tokens that cannot be used as what they are: of a type
// that is not understood (RFC 6749, 7.1), or with characters that no token has
// (RFC 6749, A.12 and A.17) and that would end a line of a mail protocol.
func (g Grant) checkTokens() error {
	switch {
	case g.TokenType != "" && !strings.EqualFold(g.TokenType, "bearer"):
		return fmt.Errorf("the token is of the type %q, not Bearer", g.TokenType)
	case g.AccessToken.Empty():
		return errors.New("the answer holds no access token")
	case !printable(g.AccessToken.Reveal()):
		return errors.New("the access token holds characters that no token has")
	case !printable(g.RefreshToken.Reveal()):
		return errors.New("the refresh token holds characters that no token has")
	}
	return nil
}

// printable reports whether a token consists of VSCHAR (RFC 6749, appendix A)
// without the space, at which header and line parsers would cut it.
func printable(token string) bool {
	return strings.IndexFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
