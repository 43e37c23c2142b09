package diagnosis

import (
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// A text from elsewhere cannot speak against what the mailbox at hand has just
// shown: what works is not switched off, and what is granted is not missing.
func TestWhatHasJustWorkedIsNotTheCause(t *testing.T) {
	granted := []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/POP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"}
	works := map[Phase]bool{PhaseIMAP: true, PhasePOP3: true, PhaseSMTP: true}
	switchedOff := []Cause{"exo-protocol-disabled-mailbox", "exo-smtp-auth-disabled-mailbox", "exo-smtp-auth-disabled-tenant", "protocol-disabled-at-provider"}
	for text, off := range map[string]bool{
		"-ERR Logon failure: unknown user name or bad password.":      true,
		"A1 NO AUTHENTICATE failed.":                                  true,
		"535 5.7.3 Authentication unsuccessful":                       true,
		"Die Anmeldung ist fehlgeschlagen, Postfach kaputt":           true,
		"-ERR authentication failure: POP3 is disabled for this user": false, // it says so itself
	} {
		in := Input{Text: text, Usual: Usual{Provider: Microsoft, OAuth: true}, Evidence: Evidence{User: helpdesk, Sender: helpdesk, Account: helpdesk}}
		possible := func(causes ...Cause) bool {
			return slices.ContainsFunc(causes, func(c Cause) bool { return slices.Contains(ExplainAll(in)[0].Causes, c) })
		}
		if !possible(switchedOff...) {
			t.Errorf("%s: the test tests nothing: %v", text, ExplainAll(in)[0].Causes)
		}
		in.Evidence.Granted, in.Evidence.Works = granted, works
		if possible(switchedOff...) == off || possible("token-missing-protocol-scope") {
			t.Errorf("%s: %v", text, ExplainAll(in)[0].Causes)
		}
	}
}

// Words that hardly say more than that something failed leave the cause open.
func TestVagueWordsAreNoEvidence(t *testing.T) {
	for _, in := range []Input{{}, {Usual: Usual{Provider: Microsoft, OAuth: true}, Evidence: Evidence{User: helpdesk, Sender: helpdesk, Account: helpdesk, SignedIn: map[Phase]bool{PhaseIMAP: true}}}} {
		in.Text = "Die Anmeldung ist fehlgeschlagen, Postfach kaputt"
		if d := ExplainAll(in)[0]; d.Certainty != Possible || len(d.Causes) < 2 {
			t.Errorf("%s: %v", d.Certainty, d.Causes)
		}
	}
}

// Nobody gives a right on a mailbox to the mailbox itself.
func TestNoRightOnOneself(t *testing.T) {
	refused := Input{Phase: PhaseSMTP, Provider: Microsoft, Text: "550 5.7.60 SMTP; Client does not have permissions to send as this sender", Evidence: Evidence{User: helpdesk, Sender: helpdesk}}
	for _, lang := range i18n.Languages {
		r := Explain(refused).Render(i18n.For(lang))
		if r.Cause != "send-as-denied" || r.Command != "" || strings.Contains(strings.Join(r.Fix, " "), "PowerShell") || len(r.Fix) < 3 {
			t.Errorf("%s: %q, %q", r.Cause, r.Command, r.Fix)
		}
	}
	refused.Evidence.SharedMailbox = shared
	if r := Explain(refused).Render(i18n.For(i18n.English)); !strings.Contains(r.Command, "'"+shared+"' -Trustee '"+helpdesk+"'") || !strings.Contains(strings.Join(r.Fix, " "), "PowerShell") {
		t.Errorf("%q, %q", r.Command, r.Fix)
	}
}

// The link is spoken of only where there is one.
func TestAnUnknownTextSpeaksOfNoLinkItLacks(t *testing.T) {
	for text, linked := range map[string]bool{"Der Drucker druckt nicht": false, "AADSTS9999999: something new": true} {
		r := ExplainText(text, "", "")[0].Render(i18n.For(i18n.English))
		if r.Cause != CauseUnknown || (len(r.Links) > 0) != linked || strings.Contains(r.Fix[0], "link") != linked {
			t.Errorf("%s: %s, %q, %q", text, r.Cause, r.Links, r.Fix)
		}
	}
}
