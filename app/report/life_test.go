package report

import (
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
)

func TestTheEndOfTheAuthorizationIsTold(t *testing.T) {
	test := spoilt()
	life := &overview.Row{State: authorization.StateValid, Ends: time.Date(2031, 2, 3, 12, 0, 0, 0, time.UTC), Secret: authorization.Credentials{Ends: time.Date(2030, 5, 6, 0, 0, 0, 0, time.UTC)}}
	for f, want := range map[Format][]string{
		HTML: {"valid until 3 Feb 2031", "ends on 6 May 2030", "<th>Authorization</th>"}, Text: {"Authorization: valid until 3 Feb 2031", "ends on 6 May 2030"},
		JSON: {`"ends": "2031-02-03T12:00:00Z"`, `"secret_ends": "2030-05-06T00:00:00Z"`, `"state": "valid"`}, CSV: {",valid,2031-02-03T12:00:00Z,2030-05-06T00:00:00Z"},
	} {
		out, err := Write(f, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, Subject{test, life}, Subject{test, life})
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(string(out), words) {
				t.Errorf("%s: %q is not in %s", f, words, out)
			}
		}
	}
}

func TestALifeInWords(t *testing.T) {
	for _, lang := range i18n.Languages {
		b := book{texts: i18n.For(lang)}
		for _, state := range []authorization.State{authorization.StateValid, authorization.StateNone, authorization.StateExpired, authorization.StateRefused, overview.StatePassword, overview.StateUnreadable} {
			if words := b.words(&overview.Row{State: state}); words == "" || strings.ContainsAny(words, "⟨{") {
				t.Errorf("%s, %s: %q", lang, state, words)
			}
		}
	}
}
