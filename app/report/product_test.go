package report

import (
	"strings"
	"testing"
	"time"

	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/oauth"
)

// The check of the product is told in every form for people, with its verdict
// and remedies, each in its language and cleaned.
func TestTheProductsCheckIsTold(t *testing.T) {
	card := products.Card{ID: "acmp", Name: "Aagon ACMP", Protocols: []string{"imap"}, API: products.APIMail, Token: true, Flow: products.FlowBrowser}
	checked := func(texts *i18n.Texts) []assistant.CheckResult {
		r := diagnosis.New(diagnosis.CauseTokenMissingScope, diagnosis.PhaseToken, i18n.Args{"client": "x"}).Render(texts)
		r.Explanation = token + " of admin@contoso.test"
		return []assistant.CheckResult{
			{ID: oauth.CheckClient, State: oauth.CheckPassed, Text: "known"},
			{ID: "scopes", State: oauth.CheckFailed, Text: r.Title, Rendered: &r, Cause: r.Cause},
			{ID: "imap", State: oauth.CheckPassed, Text: "answers"}, // the sign-in was not tested
		}
	}
	o := Options{Made: time.Now(), Languages: i18n.Languages, Product: &card, Checked: checked, HideAddresses: true}
	for f, want := range map[Format][]string{
		HTML: {"Suitability for Aagon ACMP</h3>\n<p>Not suitable yet for Aagon ACMP: 1 of 3 points are met.</p>", "Eignung für Aagon ACMP", "Noch nicht geeignet", "✓</span> known</li>"},
		Text: {"✗ Suitability for Aagon ACMP\nNot suitable yet for Aagon ACMP: 1 of 3 points are met.\n  ✓ known\n", "  – answers\n", "Noch nicht geeignet für Aagon ACMP"},
		JSON: {`"product": "acmp"`, `"state": "failed"`, `"text": "known"`},
		CSV:  nil,
	} {
		out, err := Write(f, o, Subject{Report: spoilt()})
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range want {
			if !strings.Contains(string(out), words) {
				t.Errorf("%s: no %q in %s", f, words, out)
			}
		}
		for _, bad := range []string{token, "admin@contoso"} {
			if strings.Contains(string(out), bad) {
				t.Errorf("%s: %q is told", f, bad)
			}
		}
	}
	// A report on several mailboxes tells of no product.
	if out, err := Write(Text, o, Subject{Report: spoilt()}, Subject{Report: spoilt()}); err != nil || strings.Contains(string(out), "Aagon") {
		t.Errorf("%v %s", err, out)
	}
}
