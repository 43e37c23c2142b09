package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/provider"
)

// labels are the numbers of the steps, with "or" for an alternative.
func labels(t *i18n.Texts, fix []string) string {
	var all []string
	for _, s := range Steps(t, fix) {
		if s.Number == 0 {
			s.Text = "or"
			all = append(all, s.Text)
		} else {
			all = append(all, s.Label())
		}
	}
	return strings.Join(all, " ")
}

// TestAlternativesAreNoSteps: what can be done instead has no number, and says
// that it is an alternative.
func TestAlternativesAreNoSteps(t *testing.T) {
	off := func(p Provider) Diagnosis {
		return Explain(Input{Phase: PhaseIMAP, Step: "authenticate", Provider: p, Text: `OK [Error="ProtocolDisabled" AuthResult=26] AUTHENTICATE completed.`})
	}
	for lang, or := range map[i18n.Language]string{i18n.English: "or: Run the PowerShell", i18n.German: "oder: Führen Sie die angegebene PowerShell"} {
		words := i18n.For(lang)
		for p, want := range map[Provider]string{Microsoft: "1. or 2.", Outlook: "1. 2."} {
			fix := off(p).Render(words).Fix
			if got := labels(words, fix); got != want {
				t.Errorf("%s, %s: %s, want %s: %q", lang, p, got, want, fix)
			}
			if personal := strings.Contains(strings.Join(fix, " "), "Outlook.com"); personal != (p == Outlook) {
				t.Errorf("%s, %s: a personal account is spoken of: %v", lang, p, personal)
			}
			if hasOr := len(fix) > 1 && strings.HasPrefix(fix[1], or); hasOr != (p == Microsoft) {
				t.Errorf("%s, %s: %q", lang, p, fix)
			}
		}
		all := Diagnosis{Cause: CauseEXOProtocolDisabledMailbox}.Render(words).Fix // as in the reference: whose it is nobody knows
		if got := labels(words, all); got != "1. or or 2." {
			t.Errorf("%s: %s: %q", lang, got, all)
		}
	}
}

// TestEveryProviderHasAStep: whoever it is, something remains to be done, and
// it does not begin with an alternative.
func TestEveryProviderHasAStep(t *testing.T) {
	for _, lang := range i18n.Languages {
		words := i18n.For(lang)
		for _, c := range Causes() {
			for _, family := range append(slices.Clone(provider.Families()), "") {
				fix := Diagnosis{Cause: c, provider: Provider(family)}.Render(words).Fix
				if len(fix) == 0 || strings.HasPrefix(fix[0], insteadOf(words, "")) {
					t.Errorf("%s: %s, %q: %q", lang, c, family, fix)
				}
			}
		}
	}
}

// TestTheTerminalIsNoSecondStep: whoever signs in, the command is an alternative
// of the button.
func TestTheTerminalIsNoSecondStep(t *testing.T) {
	for _, lang := range []i18n.Language{i18n.English, i18n.German} {
		for _, as := range []string{"", "user", "application"} {
			fix := New(CauseAuthorizationMissing, "", i18n.Args{"as": as}).Render(i18n.For(lang)).Fix
			if got := labels(i18n.For(lang), fix); got != "1. or" {
				t.Errorf("%s, %q: %s: %q", lang, as, got, fix)
			}
		}
	}
}
