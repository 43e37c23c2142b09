package oauth

import (
	"net/url"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/pattern"
)

// maxPasted is more than any address or error page that is worth reading.
const maxPasted = 64 << 10

// pasted is what a pasted text turned out to be: exactly one field is set.
type pasted struct {
	answer  *answer              // ours
	failure *diagnosis.Diagnosis // an error of the sign-in service: it is over
	refused *diagnosis.Diagnosis // neither; the sign-in goes on
}

// readPasted makes out what the user copied from the browser: the address of
// the answer, an error page, its text or its address.
func readPasted(text string, d mailbox.Definition, state string) pasted {
	text = strings.TrimSpace(text[:min(len(text), maxPasted)])
	var foreign, failed bool
	for _, values := range queriesIn(text) {
		if a, ok := answerFrom(values, state); ok {
			return pasted{answer: &a}
		}
		foreign = foreign || values.Get("state") != "" && (values.Has("code") || values.Has("error")) || values.Has("session_state")
		failed = failed || values.Get("error") != ""
	}
	if foreign {
		return pasted{refused: new(diagnosis.New(diagnosis.CauseAnswerNotOurs, diagnosis.PhaseAuthorize, nil))}
	}
	diag := diagnosis.ExplainText(text, diagnosis.PhaseAuthorize, familyOf(*d.OAuth))[0]
	if diag.Vague() && !failed && !errorCode().MatchString(text) {
		return pasted{refused: &diag}
	}
	return pasted{failure: &diag}
}

var errorCode = pattern.New(`AADSTS[0-9]{4,}`)

// queriesIn finds the parameters of addresses in a text. Terminals and mail
// break long addresses into lines, web pages write & as &amp;.
func queriesIn(text string) []url.Values {
	words := strings.Fields(text)
	candidates := words
	if len(words) > 1 && strings.Contains(words[0], "://") {
		candidates = append([]string{strings.Join(words, "")}, words...)
	}
	var found []url.Values
	for _, c := range candidates {
		c = strings.ReplaceAll(strings.Trim(c, `<>"'()`), "&amp;", "&")
		if i := strings.IndexAny(c, "?#"); i >= 0 {
			c = c[i+1:]
		} else if strings.Contains(c, "://") {
			continue
		}
		if !strings.Contains(c, "=") {
			continue
		}
		// ParseQuery returns what it could read beside its error.
		if values, _ := url.ParseQuery(strings.ReplaceAll(c, "#", "&")); len(values) > 0 {
			found = append(found, values)
		}
	}
	return found
}
