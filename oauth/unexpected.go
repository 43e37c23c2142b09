package oauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

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
	if errors.Is(err, errNoAnswer) || errors.Is(err, errNoTokens) {
		return true
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
