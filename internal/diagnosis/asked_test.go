package diagnosis

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// Reports and monitoring systems name a cause by its id, which is explained
// without the documentation.
func TestACauseIsExplainedByItsID(t *testing.T) {
	for _, cause := range Causes() {
		if cause == CauseUnknown {
			continue
		}
		ds := ExplainText(" "+string(cause)+"\r\n", "", "")
		if len(ds) != 1 || ds[0].Cause != cause || !slices.Equal(ds[0].Causes, []Cause{cause}) || ds[0].ServerText != "" {
			t.Errorf("%s: %+v", cause, ds)
			continue
		}
		for _, language := range i18n.Languages {
			r := ds[0].Render(i18n.For(language))
			if r.Title == "" || r.Explanation == "" || r.Check == "" || len(r.Fix) == 0 {
				t.Errorf("%s, %s: something is missing: %+v", cause, language, r)
			}
			if all := r.Title + r.Explanation + r.Check + strings.Join(r.Fix, ""); strings.ContainsAny(all, "{}⟨") {
				t.Errorf("%s, %s: %s", cause, language, all)
			}
			if data, err := json.Marshal(r); err != nil || strings.Contains(string(data), "certainty") {
				t.Errorf("%s: a look-up claims to be a diagnosis: %v, %s", cause, err, data)
			}
			if r.More() || r.Note(i18n.For(language)) != "" {
				t.Errorf("%s, %s: it leads on to itself, or claims to be proved: %q", cause, language, r.Note(i18n.For(language)))
			}
		}
	}
}

// What a test wrote as JSON is told again, whatever else is in it; of the fields of
// a forged one nothing is believed but the cause.
func TestOwnJSONIsToldAgain(t *testing.T) {
	written, err := json.MarshalIndent(map[string]any{"mailbox": "x", "diagnoses": []Rendered{
		Explain(Input{Phase: PhaseSMTP, Provider: Microsoft, Text: "535 5.7.139 SmtpClientAuthentication is disabled for the Mailbox. password=Hunter2Hunter2"}).Render(i18n.For(i18n.German)),
	}}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]Diagnosis{
		string(written): {Cause: CauseEXOSMTPAuthDisabledMailbox, Phase: PhaseSMTP, Certainty: Certain},
		`{"diagnosis":{"cause":"mailbox-full","causes":["mailbox-full","x"],"phase":"\u202eevil","certainty":"sure","command":"rm -rf","links":["https://evil.test"]}}`: {Cause: "mailbox-full"},
	} {
		ds := ExplainAll(Input{Text: text})
		if d := ds[0]; len(ds) != 1 || d.Cause != want.Cause || d.Phase != want.Phase || d.Certainty != want.Certainty || len(d.Causes) != 1 ||
			strings.Contains(d.ServerText, "Hunter2") || strings.Contains(d.Command+strings.Join(d.Links, ""), "evil") {
			t.Errorf("%s: %+v", text, ds)
		}
	}
}

// A text is no id because it has one in it, and what is found leads to its id.
func TestATextIsNoID(t *testing.T) {
	if ds := ExplainText("cause=token-user-mismatch", "", ""); ds[0].ServerText == "" {
		t.Errorf("%+v", ds)
	}
	for text, more := range map[string]bool{"AADSTS50011": true, "no such words": false, string(CauseUnknown): false} {
		if got := ExplainText(text, "", "")[0].Render(i18n.For(i18n.English)).More(); got != more {
			t.Errorf("%s: more %t", text, got)
		}
	}
}
