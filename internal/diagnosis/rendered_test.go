package diagnosis

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// TestCertaintyAndAlternativesInJSON: the contract that scripts read.
func TestCertaintyAndAlternativesInJSON(t *testing.T) {
	for _, c := range []struct {
		text      string
		phase     Phase
		provider  Provider
		cause     Cause
		certainty Certainty
		others    int // at least
	}{
		{"A1 NO AUTHENTICATE failed.", PhaseIMAP, Microsoft, "token-wrong-audience", Possible, 2},
		{"AADSTS7000222: The provided client secret keys are expired.", PhaseToken, Microsoft, "client-secret-expired", Certain, 0},
		{"550 5.1.1 User unknown", PhaseSMTP, Generic, "recipient-not-found", Likely, 0},
		{"dial tcp 192.0.2.1:587: connect: connection refused", PhaseNetwork, Generic, "port-blocked", Possible, 1},
		{"something odd happened in a way nobody knows", "", Generic, CauseUnknown, Possible, 0},
	} {
		for _, language := range i18n.Languages {
			words := i18n.For(language)
			r := ExplainText(c.text, c.phase, c.provider)[0].Render(words)
			raw, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			var fields map[string]any
			if err := json.Unmarshal(raw, &fields); err != nil {
				t.Fatal(err)
			}
			alternatives, isList := fields["alternatives"].([]any)
			if fields["cause"] != string(c.cause) || fields["certainty"] != string(c.certainty) || !isList || len(alternatives) < c.others || len(alternatives) != len(r.Causes)-1 {
				t.Errorf("%s, %q: %s", language, c.text, raw)
			}
			for i, a := range alternatives {
				other, _ := a.(map[string]any)
				if other["cause"] != string(r.Causes[i+1]) || other["title"] == "" || other["check"] == "" {
					t.Errorf("%s: an alternative without its words: %v", language, other)
				}
			}
			if (fields["check"] != nil) != (len(alternatives) > 0) {
				t.Errorf("%s, %q: how to tell the first: %v, others: %d", language, c.text, fields["check"], len(alternatives))
			}
			for _, name := range []string{"causes", "fix", "links", "codes"} {
				if _, isList := fields[name].([]any); !isList {
					t.Errorf("%s is no list: %s", name, raw)
				}
			}
		}
	}
}

// TestTheNoteSaysHowSure: one sentence, and none where there is no doubt or
// nothing to be sure of.
func TestTheNoteSaysHowSure(t *testing.T) {
	several := []Alternative{{"a", "b", "c"}}
	for _, language := range i18n.Languages {
		words := i18n.For(language)
		seen := map[string]string{}
		for name, r := range map[string]Rendered{
			"several, likely":   {Cause: "a", Certainty: Likely, Alternatives: several},
			"several, possible": {Cause: "a", Certainty: Possible, Alternatives: several},
			"one, likely":       {Cause: "a", Certainty: Likely},
			"one, possible":     {Cause: "a", Certainty: Possible},
		} {
			note := r.Note(words)
			if note == "" || strings.Contains(note, "finding.") || seen[note] != "" {
				t.Errorf("%s, %s: %q, as for %s", language, name, note, seen[note])
			}
			seen[note] = name
		}
		for _, r := range []Rendered{{Cause: "a", Certainty: Certain}, {Cause: CauseUnknown, Certainty: Possible}} {
			if note := r.Note(words); note != "" {
				t.Errorf("%s: %q for %s", language, note, r.Certainty)
			}
		}
	}
}

// TestADiagnosisIsAnError: its cause is found by errors.Is, its words are for
// logs.
func TestADiagnosisIsAnError(t *testing.T) {
	d := ExplainText("554 5.2.2 mailbox full", PhaseSMTP, Generic)[0]
	if !d.Is(New("mailbox-full", "", nil)) || d.Is(New("recipient-not-found", "", nil)) || d.Is(errTest{}) {
		t.Error("it is not what it is")
	}
	if d.Error() != "mailbox-full: 554 5.2.2 mailbox full" || New("mailbox-full", "", nil).Error() != "mailbox-full" {
		t.Errorf("%q", d.Error())
	}
	if d.Vague() || !ExplainText("Sending failed.", PhaseSMTP, Generic)[0].Vague() {
		t.Error("what is only possible in a part of the work is vague, what a server says is not")
	}
}

type errTest struct{}

func (errTest) Error() string { return "mailbox-full" }

// What helps at Exchange alone is not told where another provider is known.
func TestOnlyExchangeGetsTheAdviceOfExchange(t *testing.T) {
	for provider, want := range map[Provider]bool{"": true, Microsoft: true, Google: false, Generic: false} {
		for _, text := range []string{"550 5.7.1 Sender address rejected: not owned by user helpdesk", "server_error", "550 5.7.1 TRANSPORT.RULES.RejectMessage", "554 5.2.2 mailbox full", "mailbox logon failure", "exo-mailbox-permission-missing", "shared-mailbox-smtp-user", "send-as-denied", "token-wrong-audience"} {
			r := ExplainText(text, "", provider)[0].Render(i18n.For(i18n.English))
			all := strings.Join(append(slices.Concat(r.Fix, r.Links), r.Command), " ")
			if got := strings.Contains(all, "Exchange admin center") || strings.Contains(all, "microsoft.com") || strings.Contains(all, "Add-"); got && !want || strings.Contains(text, "owned") && got != want || len(r.Fix) == 0 {
				t.Errorf("%s of %q: %s", text, provider, all)
			}
		}
	}
}

// What is to be put into a command is said in the reader's language.
func TestBlanksOfACommandInTheReadersLanguage(t *testing.T) {
	d := ExplainText("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.", PhaseSMTP, Microsoft)[0]
	if en, de := d.Render(i18n.For(i18n.English)).Command, d.Render(i18n.For(i18n.German)).Command; !strings.Contains(en, "'<mailbox>'") || !strings.Contains(de, "'<Postfach>'") {
		t.Errorf("%s, %s", en, de)
	}
	source, err := os.ReadFile("command.go")
	for _, what := range i18n.For(i18n.English).List("finding.blanks") {
		if err != nil || !strings.Contains(string(source), `"`+what+`")`) {
			t.Errorf("%q is no blank: %v", what, err)
		}
	}
}

// A step for one kind of program is told where the text is of that kind.
func TestTheStepForPowerShellIsToldThere(t *testing.T) {
	for text, want := range map[string]bool{
		"Connect-ExchangeOnline : The term 'Connect-ExchangeOnline' is not recognized as the name of a cmdlet": true,
		"ModuleNotFoundError: No module named 'msal'":                                                          false,
	} {
		r := ExplainText(text, PhaseToken, Microsoft)[0].Render(i18n.For(i18n.English))
		if got := strings.Contains(strings.Join(r.Fix, " "), "Install-Module"); r.Cause != "client-software-problem" || got != want {
			t.Errorf("%s: %s, %q", text, r.Cause, r.Fix)
		}
	}
}

// TestTheFixFitsThePart: a sign-in service is no mail server, and an application that
// renewed before was not mistyped.
func TestTheFixFitsThePart(t *testing.T) {
	texts := i18n.For(i18n.English)
	for _, c := range []struct {
		text      string
		phase     Phase
		says, not string
	}{
		{"dial tcp 203.0.113.7:443: connect: connection refused", PhaseAuthorize, "HTTPS", "993"},
		{"dial tcp 203.0.113.7:993: connect: connection refused", PhaseIMAP, "993", "HTTPS"},
		{"AADSTS700016: Application with identifier 'x' was not found in the directory", PhaseRefresh, "Deleted applications", "\x00"},
		{"AADSTS700016: Application with identifier 'x' was not found in the directory", PhaseAuthorize, "Directory (tenant) ID", "Deleted applications"},
	} {
		fix := strings.Join(ExplainText(c.text, c.phase, Microsoft)[0].Render(texts).Fix, "\n")
		if !strings.Contains(fix, c.says) || strings.Contains(fix, c.not) {
			t.Errorf("%s, %s: %s", c.phase, c.text, fix)
		}
	}
}

// A command keeps the application that it is about, whoever's servers they are.
func TestACommandNamesTheApplication(t *testing.T) {
	d := New("exo-service-principal-missing", PhaseIMAP, i18n.Args{"client": "5c0f7a1e-3b92-4d68-a7e4-91d2f6b0c853"})
	if at := d.At(Microsoft); !strings.Contains(at.Command, "'5c0f7a1e-3b92-4d68-a7e4-91d2f6b0c853'") || at.Command != d.Command {
		t.Errorf("%q, %q", at.Command, d.Command)
	}
}
