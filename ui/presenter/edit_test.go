package presenter_test

import (
	"fmt"
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func TestTheUserFollowsTheSenderUntilItIsEdited(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.FieldSender, "support@contoso.com")
	wantForm(t, s, map[presenter.Field]string{presenter.FieldUser: "support@contoso.com"})
	p.Edit(presenter.FieldUser, "svc@contoso.com")
	p.Edit(presenter.FieldSender, "desk@contoso.com")
	wantForm(t, s, map[presenter.Field]string{presenter.FieldUser: "svc@contoso.com"})
	if note := p.State().Form.Notes[presenter.FieldUser]; !strings.Contains(note, "shared mailbox") {
		t.Errorf("the difference is not pointed out: %q", note)
	}
	p.Edit(presenter.FieldShared, "desk@contoso.com")
	if note := p.State().Form.Notes[presenter.FieldUser]; note != "" {
		t.Errorf("the note stays with a shared mailbox: %q", note)
	}
}

func TestTheProviderFillsHostsAndPorts(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.ChooseProvider(mailbox.ProviderGoogle, "")
	wantForm(t, s, map[presenter.Field]string{
		presenter.HostOf(mailbox.IMAP): "imap.gmail.com", presenter.PortOf(mailbox.IMAP): "993", presenter.HostOf(mailbox.POP3): "pop.gmail.com",
		presenter.HostOf(mailbox.SMTP): "smtp.gmail.com", presenter.PortOf(mailbox.SMTP): "587", presenter.SecurityOf(mailbox.SMTP): "starttls",
	})
	if f := p.State().Form; f.Microsoft || f.NeedTenant || f.Custom {
		t.Errorf("Google shows Microsoft's fields: %+v", f)
	}
	p.ChooseProvider(mailbox.ProviderMicrosoft, mailbox.CloudUSGovHigh)
	wantForm(t, s, map[presenter.Field]string{presenter.HostOf(mailbox.IMAP): "outlook.office365.us", presenter.HostOf(mailbox.SMTP): "smtp.office365.us"})
	p.Choose(presenter.FieldAccountType, mailbox.AccountConsumers)
	if p.State().Form.NeedTenant {
		t.Error("personal accounts ask for a tenant")
	}
	p.ChooseProvider(mailbox.ProviderCustom, "")
	wantForm(t, s, map[presenter.Field]string{presenter.HostOf(mailbox.IMAP): "outlook.office365.us"})
	if !p.State().Form.Custom {
		t.Error("another provider does not ask for its issuer")
	}
}

func TestWhatSomebodyTypedSurvivesTheAccountType(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.HostOf(mailbox.IMAP), "imap.contoso.com")
	p.Edit(presenter.HostOf(mailbox.POP3), "")
	p.Edit(presenter.FieldAuthority, "https://login.contoso.com")
	p.Choose(presenter.FieldAccountType, mailbox.AccountConsumers)
	wantForm(t, s, map[presenter.Field]string{
		presenter.HostOf(mailbox.IMAP): "imap.contoso.com", presenter.HostOf(mailbox.POP3): "", presenter.HostOf(mailbox.SMTP): "smtp-mail.outlook.com",
		presenter.FieldAuthority: "https://login.contoso.com",
	})
}

func TestChangesCanBeDiscarded(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	was := p.State().Form.Form[presenter.FieldClientID]
	p.Edit(presenter.FieldClientID, "")
	p.Leave(presenter.FieldClientID)
	if !p.State().Form.CanDiscard {
		t.Fatal("they cannot")
	}
	p.Discard()
	if f := p.State().Form; f.Draft || f.CanDiscard || f.Form[presenter.FieldClientID] != was || len(f.Errors) > 0 {
		t.Errorf("%+v", f)
	}
}

// What was being looked up is given up too: it would be saved.
func TestDiscardEndsALookUp(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	was := p.State().Form.Form[presenter.FieldTenant]
	p.Edit(presenter.FieldTenant, "")
	p.FindTenant()
	p.Discard()
	if p.State().Form.Searching {
		t.Error("it still looks")
	}
	s.Next() // its answer, and what is stored for the mailbox
	s.Next()
	wantForm(t, s, map[presenter.Field]string{presenter.FieldTenant: was})
}

func TestThePortFollowsTheSecurityUnlessChosen(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Choose(presenter.SecurityOf(mailbox.IMAP), mailbox.SecuritySTARTTLS)
	wantForm(t, s, map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "143"})
	p.Edit(presenter.PortOf(mailbox.IMAP), "1143")
	p.Choose(presenter.SecurityOf(mailbox.IMAP), mailbox.SecurityTLS)
	wantForm(t, s, map[presenter.Field]string{presenter.PortOf(mailbox.IMAP): "1143"})
}

func TestALeftOutServerGetsItsUsualPortBack(t *testing.T) {
	d := scripted.Helpdesk()
	d.SetServer(mailbox.POP3, nil)
	s := play(t, nil, d)
	p := s.Presenter
	wantForm(t, s, map[presenter.Field]string{presenter.HostOf(mailbox.POP3): "", presenter.PortOf(mailbox.POP3): ""})
	p.Edit(presenter.HostOf(mailbox.POP3), "outlook.office365.com")
	wantForm(t, s, map[presenter.Field]string{presenter.PortOf(mailbox.POP3): "995", presenter.SecurityOf(mailbox.POP3): "tls"})
	p.Leave(presenter.HostOf(mailbox.POP3))
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.Server(mailbox.POP3) == nil || saved.Server(mailbox.POP3).Port != 995 {
		t.Errorf("saved %+v", saved.Server(mailbox.POP3))
	}
	p.Edit(presenter.HostOf(mailbox.POP3), " ")
	p.Leave(presenter.HostOf(mailbox.POP3))
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.Server(mailbox.POP3) != nil {
		t.Error("an emptied server is still saved")
	}
}

func TestLeavingAFieldSavesWhatIsValid(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.FieldTenant, "fabrikam.com")
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.OAuth.Tenant != "contoso.com" {
		t.Error("saved while typing")
	}
	p.Leave(presenter.FieldTenant)
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.OAuth.Tenant != "fabrikam.com" {
		t.Errorf("not saved: %+v", saved.OAuth)
	}
}

func TestADraftIsKeptAndComesBack(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.FieldClientID, "half")
	p.Leave(presenter.FieldClientID)
	if got := p.State(); !got.Form.Draft || !strings.Contains(got.Mailboxes[0], "draft") {
		t.Errorf("no draft: %v", got.Mailboxes)
	}
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.OAuth.ClientID != scripted.Helpdesk().OAuth.ClientID {
		t.Error("the saved mailbox was changed")
	}
	again := presenter.New(s.Config())
	st := again.State()
	if len(st.Mailboxes) != 1 || st.Form.Form[presenter.FieldClientID] != "half" || !st.Form.Draft {
		t.Errorf("after a restart: %v, client %q", st.Mailboxes, st.Form.Form[presenter.FieldClientID])
	}
	again.Edit(presenter.FieldClientID, "1b4e28ba-2fa1-4d2b-883f-0016d3cca428")
	again.Leave(presenter.FieldClientID)
	again.Flush()
	if len(s.Notes.Drafts) != 0 {
		t.Errorf("the draft stays: %v", s.Notes.Drafts)
	}
}

// TestASecretInTheWrongFieldIsNotKept: drafts are readable files.
func TestASecretInTheWrongFieldIsNotKept(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.FieldClientID, "Abc8Q~xYz0123456789abcdefghijklmnopqrst")
	p.Leave(presenter.FieldClientID)
	p.Flush()
	if kept := fmt.Sprint(s.Notes.Drafts); len(s.Notes.Drafts) != 1 || strings.Contains(kept, "Abc8Q~") {
		t.Errorf("kept: %s", kept)
	}
	if told := p.State().Form.Errors[presenter.FieldClientID]; !strings.Contains(told, "client secret") || strings.Contains(told, "Abc8Q~") {
		t.Errorf("told: %q", told)
	}
}

func TestAnAddressFromAMailProgram(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit(presenter.FieldSender, "Support <support@contoso.com>;")
	p.Leave(presenter.FieldSender)
	wantForm(t, s, map[presenter.Field]string{presenter.FieldSender: "support@contoso.com", presenter.FieldUser: "support@contoso.com"})
	p.NewMailbox()
	p.Create("Desk <desk@contoso.com>")
	wantForm(t, s, map[presenter.Field]string{presenter.FieldSender: "desk@contoso.com", presenter.FieldName: "desk@contoso.com"})
}

// What was wrong in a mailbox that was never saved is marked at the next start too,
// what was not entered yet is not.
func TestADraftShowsItsErrorsAfterARestart(t *testing.T) {
	d := presenter.FormOf(scripted.Helpdesk())
	d[presenter.PortOf(mailbox.IMAP)], d[presenter.FieldClientID] = "99300", ""
	s := play(t, func(s *scripted.Stage) { s.Notes.Drafts = []presenter.Draft{{Form: d}} })
	s.Presenter.Select(0)
	if e := s.Presenter.State().Form.Errors; len(e) != 1 || e[presenter.PortOf(mailbox.IMAP)] == "" {
		t.Errorf("%v", e)
	}
}

func TestErrorsShowAtTheirFieldAndNotTooEarly(t *testing.T) {
	s := play(t, nil)
	p := s.Presenter
	p.Create("helpdesk@contoso.com")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if got := p.State().Form.Errors; len(got) != 0 {
		t.Errorf("errors before anything was done: %v", got)
	}
	p.Leave(presenter.FieldClientID)
	if got := p.State().Form.Errors; len(got) != 0 {
		t.Errorf("an empty field that was only passed: %v", got)
	}
	p.Edit(presenter.PortOf(mailbox.IMAP), "x")
	p.Leave(presenter.PortOf(mailbox.IMAP))
	if got := p.State().Form.Errors; got[presenter.PortOf(mailbox.IMAP)] == "" || got[presenter.FieldClientID] != "" {
		t.Errorf("errors %v", got)
	}
	p.Test()
	if got := p.State().Form.Errors; got[presenter.FieldClientID] == "" {
		t.Errorf("pressing Test does not mark the missing field: %v", got)
	}
	p.Edit(presenter.PortOf(mailbox.IMAP), "")
	if got := p.State().Form.Errors[presenter.PortOf(mailbox.IMAP)]; got != "Must not be empty." {
		t.Errorf("an empty port: %q", got)
	}
	for _, f := range []presenter.Field{presenter.HostOf(mailbox.IMAP), presenter.HostOf(mailbox.POP3), presenter.HostOf(mailbox.SMTP)} {
		p.Edit(f, "")
	}
	if got := p.State().Form.Errors[presenter.HostOf(mailbox.IMAP)]; !strings.Contains(got, "At least one") && !strings.Contains(got, "at least one") {
		t.Errorf("no server at all: %q", got)
	}
}

func TestPasswordMailboxesNeedNoRegistration(t *testing.T) {
	s := play(t, nil, mailbox.Definition{
		Name: "Old", Sender: "a@example.com", Authentication: mailbox.AuthPassword, Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "mail.example.com", Port: 993, Security: "tls"}}),
	}.Normalize())
	st := s.Presenter.State()
	if st.Form.OAuth || st.Auth.Applies || st.Auth.CanRequest {
		t.Errorf("OAuth is active: %+v", st.Auth)
	}
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "1993")
	s.Presenter.Leave(presenter.PortOf(mailbox.IMAP))
	s.Saved()
	saved, err := s.Book.Get("Old")
	if err != nil || saved.OAuth != nil || saved.Server(mailbox.IMAP).Port != 1993 {
		t.Errorf("saved %+v, %v", saved, err)
	}
	s.Presenter.Choose(presenter.FieldAuthentication, mailbox.AuthOAuth2)
	if st := s.Presenter.State(); !st.Form.OAuth || !st.Auth.Applies {
		t.Error("OAuth cannot be chosen")
	}
}

// The form has the fields of every protocol in the table, and its port follows
// like those of the others.
func TestANewProtocolHasItsFields(t *testing.T) {
	t.Cleanup(mailbox.Register(mailbox.Kind{
		Protocol: "sieve", Title: "ManageSieve", Short: "sieve",
		Ports: []mailbox.Port{{Number: 4190, Security: mailbox.SecuritySTARTTLS}},
	}))
	s := playHelpdesk(t)
	p := s.Presenter
	p.Edit("sieve.host", "outlook.office365.com")
	wantForm(t, s, map[presenter.Field]string{"sieve.port": "4190", "sieve.security": "starttls"})
	p.Leave("sieve.host")
	s.Saved()
	saved, _ := s.Book.Get("Helpdesk")
	if server := saved.Server("sieve"); server == nil || server.Port != 4190 {
		t.Fatalf("saved %v", saved.Servers)
	}
	p.Edit("sieve.port", "0")
	p.Leave("sieve.port")
	if problems := s.Presenter.State().Form.Errors; problems["sieve.port"] == "" {
		t.Errorf("problems %v", problems)
	}
}

// What is wrong with a value that the window has no field for is told when a
// button needs the mailbox: it would do nothing without a word.
func TestWhatHasNoFieldIsToldAtTheButton(t *testing.T) {
	for want, edit := range map[string]func(*presenter.Presenter){
		" Trusted root: ": func(p *presenter.Presenter) { p.Edit(presenter.FieldTrustedCA, "no certificate") },
		" Sign-in service: ": func(p *presenter.Presenter) {
			p.Edit(presenter.FieldAuthority, "ftp://login.example.com")
			p.ChooseProvider(mailbox.ProviderCustom, "")
			p.Edit(presenter.FieldIssuer, "https://login.example.com")
		},
		" Name: ": func(p *presenter.Presenter) { p.Edit(presenter.FieldName, "nul.x@contoso.com") },
	} {
		s := playHelpdesk(t)
		edit(s.Presenter)
		for button, press := range map[string]func(*presenter.Presenter){"test": (*presenter.Presenter).Test, "request": (*presenter.Presenter).Request, "export": func(p *presenter.Presenter) { p.Export() }} {
			s.Presenter.Dismiss()
			press(s.Presenter)
			if n := s.Presenter.State().Notice; n == nil || !n.Bad || !strings.Contains(n.Text, want) {
				t.Errorf("%s %s: %+v", want, button, n)
			}
		}
		s.Presenter.Edit(presenter.FieldRedirect, "http://elsewhere") // has a field, though it may be out of sight
		s.Presenter.Test()
		if st := s.Presenter.State(); st.Form.Errors[presenter.FieldRedirect] == "" || !strings.Contains(st.Notice.Text, want) {
			t.Errorf("%s both: %+v", want, st.Notice)
		}
	}
}

// Whoever pastes a portal's address instead of an ID has both, and is told where to
// look for the one that is not in it.
func TestAPortalsAddressIsTakenApart(t *testing.T) {
	const app, dir = "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "72f988bf-86f1-41af-91ab-2d7cd011db47"
	s := playHelpdesk(t)
	paste := func(f presenter.Field, text string) {
		s.Presenter.Edit(f, text)
		s.Presenter.Leave(f)
	}
	was := form(s, presenter.FieldClientID)
	paste(presenter.FieldTenant, "https://entra.microsoft.com/"+dir+"#view/Microsoft_AAD_IAM/Overview/appId/"+app)
	wantForm(t, s, map[presenter.Field]string{presenter.FieldTenant: dir, presenter.FieldClientID: was})
	const page = "https://portal.azure.com/#view/Overview/appId/" + app
	paste(presenter.FieldClientID, "")
	paste(presenter.FieldTenant, page)
	wantForm(t, s, map[presenter.Field]string{presenter.FieldTenant: page, presenter.FieldClientID: app})
	if wrong := s.Presenter.State().Form.Errors[presenter.FieldTenant]; !strings.Contains(wrong, "Directory (tenant) ID") {
		t.Error(wrong)
	}
}

// Host and port are one field elsewhere; a usual port tells how it is encrypted.
func TestAPortBehindTheHostIsTakenApart(t *testing.T) {
	s := playHelpdesk(t)
	for typed, want := range map[string][3]string{
		"imap.contoso.com:1993": {"imap.contoso.com", "1993", "tls"}, "imap.contoso.com": {"imap.contoso.com", "993", "tls"}, "imap.contoso.com:143": {"imap.contoso.com", "143", "starttls"},
		"imap.contoso.com:25": {"imap.contoso.com", "25", "starttls"}, "::1": {"::1", "993", "tls"}, "imaps://x:1": {"imaps://x:1", "993", "tls"},
	} {
		s.Presenter.Edit(presenter.SecurityOf(mailbox.IMAP), "tls")
		s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "993")
		s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), typed)
		s.Presenter.Leave(presenter.HostOf(mailbox.IMAP))
		wantForm(t, s, map[presenter.Field]string{presenter.HostOf(mailbox.IMAP): want[0], presenter.PortOf(mailbox.IMAP): want[1], presenter.SecurityOf(mailbox.IMAP): want[2]})
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.SMTP), "smtp.contoso.com:25")
	s.Presenter.Leave(presenter.HostOf(mailbox.SMTP))
	wantForm(t, s, map[presenter.Field]string{presenter.PortOf(mailbox.SMTP): "25", presenter.SecurityOf(mailbox.SMTP): "starttls"})
}
