package report

import (
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/native"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

func TestTheEndOfTheAuthorizationIsTold(t *testing.T) {
	test := spoilt()
	life := &overview.Row{Status: authorization.Status{State: authorization.StateValid, EndsIfUnusedBy: time.Date(2031, 2, 3, 12, 0, 0, 0, time.UTC)}, Secret: authorization.Credentials{Ends: time.Date(2030, 5, 6, 0, 0, 0, 0, time.UTC)}}
	for f, want := range map[Format][]string{
		HTML: {"valid until 3 Feb 2031", "ends on 6 May 2030", "<th>Authorized until</th><th>Finding</th>", "<td>3 Feb 2031</td>"}, Text: {"Authorization: valid until 3 Feb 2031", "ends on 6 May 2030"},
		JSON: {`"ends": "2031-02-03T12:00:00Z"`, `"secret_ends": "2030-05-06T00:00:00Z"`, `"state": "valid"`}, CSV: {",valid,2031-02-03T12:00:00Z,2030-05-06T00:00:00Z"},
	} {
		out, err := Write(f, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, Subject{test, life, ""}, Subject{test, life, ""})
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
			if words := b.words(&overview.Row{Status: authorization.Status{State: state}}); words == "" || strings.ContainsAny(words, "⟨{") {
				t.Errorf("%s, %s: %q", lang, state, words)
			}
		}
	}
}

// Who signs in where, with which permissions, is told in every form for people and
// in JSON; with hidden addresses it shows none.
func TestTheSettingIsTold(t *testing.T) {
	d := mailbox.Definition{User: "helpdesk@contoso.test", SharedMailbox: "info@contoso.test", Authentication: mailbox.AuthOAuth2, OAuth: &mailbox.OAuth{Tenant: "contoso.test", ClientID: "5c0f7a1e-3b92-4d68-a7e4-91d2f6b0c853"}}
	subject := Subject{spoilt(), &overview.Row{Definition: d, Status: authorization.Status{
		Account: oauth.Account{TenantID: "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713"}, Granted: []string{"https://outlook.office.com/IMAP.AccessAsUser.All"}, Missing: []string{"https://outlook.office.com/SMTP.Send"},
	}}, "http://proxy.contoso.test:3128"}
	for _, f := range []Format{HTML, Text, JSON} {
		out, err := Write(f, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, subject)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"info@contoso.test", "contoso.test", d.OAuth.ClientID, "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713", "IMAP.AccessAsUser.All", "SMTP.Send", "http://proxy.contoso.test:3128", native.System()} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s: no %q in %s", f, want, out)
			}
		}
		if out, _ := Write(f, Options{Made: time.Now(), Languages: i18n.Languages, HideAddresses: true}, subject); strings.Contains(strings.ToLower(string(out)), "@contoso.test") {
			t.Errorf("%s: an address is shown", f)
		}
	}
}

// Who is not signed in has no permissions: a script that counts them gets an empty
// list.
func TestNoPermissionsAreAnEmptyList(t *testing.T) {
	out, err := Write(JSON, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, Subject{spoilt(), &overview.Row{Status: authorization.Status{State: authorization.StateNone}}, ""})
	if err != nil || !strings.Contains(string(out), `"granted": []`) || !strings.Contains(string(out), `"missing": []`) {
		t.Errorf("%v: %s", err, out)
	}
}

// Of many the broken ones come first, each with its address; a finding names its
// protocol, and its own cause is none of the others.
func TestWhatIsBrokenComesFirst(t *testing.T) {
	good := mailtest.NewReport(mailbox.Definition{Name: "Alpha", User: "alpha@contoso.test"}, time.Now())
	good.Add(mailtest.Event{Protocol: mailtest.IMAP, Step: mailtest.StepQuit, State: mailtest.Passed})
	bad := spoilt()
	out, err := Write(HTML, Options{Made: time.Now(), Languages: []i18n.Language{i18n.English}}, Subject{Report: good}, Subject{Report: bad})
	page := string(out)
	if err != nil || !good.OK() || strings.Index(page, "<td>Alpha</td><td class=\"address\">alpha@contoso.test</td>") < strings.Index(page, "Desk&gt;</td><td class=\"address\">helpdesk@contoso.test</td>") {
		t.Errorf("%v: %s", err, page)
	}
	title := bad.Diagnoses()[0].Render(i18n.For(i18n.English)).Title
	if !strings.Contains(page, "<th>Protocol</th><td><code>IMAP</code>") || strings.Contains(page, "<dt>"+title) {
		t.Errorf("the finding %q in %s", title, page)
	}
}
