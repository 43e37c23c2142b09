package presenter_test

import (
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// From the sender alone the rest is proposed, whoever the provider is.
func TestTheRestIsProposed(t *testing.T) {
	for sender, want := range map[string]struct {
		form presenter.Form
		note string
	}{
		"desk@contoso.com": {presenter.Form{
			presenter.FieldProvider: mailbox.ProviderMicrosoft, presenter.HostOf(mailbox.IMAP): "outlook.office365.com", presenter.FieldAccountType: mailbox.AccountTenant,
			presenter.FieldTenant: scripted.Account.TenantID, presenter.FieldUser: "desk@contoso.com",
		}, "enter the application ID"},
		"desk@shop.example": {presenter.Form{
			presenter.FieldProvider: mailbox.ProviderGoogle, presenter.HostOf(mailbox.IMAP): "imap.gmail.com", presenter.HostOf(mailbox.SMTP): "smtp.gmail.com",
			presenter.FieldAuthentication: mailbox.AuthOAuth2, presenter.FieldCloud: "", // or the list of providers shows none
		}, "Google Cloud console"},
		"desk@else.example": {presenter.Form{
			presenter.FieldAuthentication: mailbox.AuthPassword, presenter.HostOf(mailbox.IMAP): "mail.else.example", presenter.HostOf(mailbox.POP3): "",
			presenter.HostOf(mailbox.SMTP): "mail.else.example", presenter.PortOf(mailbox.SMTP): "465", presenter.SecurityOf(mailbox.SMTP): mailbox.SecurityTLS,
		}, "announces these servers"},
		"desk@nowhere.example": {presenter.Form{presenter.FieldProvider: mailbox.ProviderMicrosoft}, "Nothing was found about nowhere.example"},
		"desk@silent.example":  {presenter.Form{presenter.FieldProvider: mailbox.ProviderMicrosoft}, "does not answer"},
	} {
		s := play(t, nil)
		s.Presenter.Create(sender)
		until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
		st := s.Presenter.State()
		for field, value := range want.form {
			if got := st.Form.Form[field]; got != value {
				t.Errorf("%s: %s is %q; want %q", sender, field, got, value)
			}
		}
		if note := st.Form.Notes[presenter.FieldProvider]; !strings.Contains(note, want.note) {
			t.Errorf("%s: %q", sender, note)
		}
		if !st.Assistant.Open {
			t.Errorf("%s: the first mailbox is not led through", sender)
		}
	}
}

// A domain's second mailbox has the first one's application and servers; nobody is
// to enter them twelve times.
func TestTheNextMailboxOfADomainIsLikeTheFirst(t *testing.T) {
	s := playHelpdesk(t)
	p := s.Presenter
	first := p.State().Form.Form
	p.Edit(presenter.FieldShared, "info@contoso.com")
	p.NewMailbox()
	p.Create("scanner@Contoso.com")
	st := p.State().Form
	for field, want := range map[presenter.Field]string{
		presenter.FieldSender: "scanner@Contoso.com", presenter.FieldUser: "scanner@Contoso.com", presenter.FieldShared: "", presenter.FieldName: "scanner@Contoso.com",
		presenter.FieldClientID: first[presenter.FieldClientID], presenter.FieldTenant: first[presenter.FieldTenant], presenter.HostOf(mailbox.IMAP): first[presenter.HostOf(mailbox.IMAP)],
	} {
		if got := st.Form[field]; got != want {
			t.Errorf("%s is %q; want %q", field, got, want)
		}
	}
	if st.Searching || !strings.Contains(st.Notes[presenter.FieldProvider], "Helpdesk") {
		t.Errorf("%+v", st.Notes)
	}
	p.NewMailbox()
	p.Create("desk@nowhere.example")
	if st := p.State().Form; st.Form[presenter.FieldClientID] != "" {
		t.Error("another domain's mailbox has its application")
	}
}

// What was typed while the search ran stays.
func TestAProposalLeavesWhatWasTyped(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("desk@else.example")
	s.Presenter.Edit(presenter.HostOf(mailbox.POP3), "pop.else.example")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if got := s.Presenter.State().Form.Form[presenter.HostOf(mailbox.POP3)]; got != "pop.else.example" {
		t.Errorf("%q", got)
	}
}

// A tenant that was typed while another was looked up stays, and nothing is told of
// the other.
func TestALookUpLeavesATenantThatWasTyped(t *testing.T) {
	const typed = "11111111-2222-4333-8444-555555555555"
	for name, begin := range map[string]func(*presenter.Presenter){
		"proposal":  func(p *presenter.Presenter) { p.NewMailbox(); p.Create("desk@contoso.com") },
		"tenant":    func(p *presenter.Presenter) { p.FindTenant() },
		"no tenant": func(p *presenter.Presenter) { p.Edit(presenter.FieldUser, "desk@nowhere.example"); p.FindTenant() },
	} {
		d := scripted.Helpdesk()
		if name == "proposal" { // a mailbox of the same domain would be the pattern
			d.Sender, d.User = "desk@shop.example", "desk@shop.example"
		}
		s := play(t, nil, d)
		p := s.Presenter
		p.ShowAssistant(true)
		if begin(p); !p.State().Form.Searching {
			t.Fatalf("%s: nothing is looked up", name)
		}
		p.Edit(presenter.FieldTenant, typed)
		until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
		st := p.State()
		if got := st.Form.Form[presenter.FieldTenant]; got != typed || st.Form.Notes[presenter.FieldTenant] != "" {
			t.Errorf("%s: %q, %q", name, got, st.Form.Notes[presenter.FieldTenant])
		}
		for _, i := range st.Assistant.Items {
			for _, v := range i.Values {
				if v.Value == scripted.Account.TenantID {
					t.Errorf("%s: the assistant tells of the other one: %s", name, v.Name)
				}
			}
		}
	}
}

// What was found is told of the address that was asked about.
func TestAProposalIsToldOfTheAddressItIsFor(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("desk@nowhere.example")
	s.Presenter.Edit(presenter.FieldSender, "desk@contoso.com")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if note := s.Presenter.State().Form.Notes[presenter.FieldProvider]; !strings.Contains(note, "nowhere.example") {
		t.Errorf("%q", note)
	}
}

// What a proposal asks for is asked no longer when it is there.
func TestADoneProposalIsNotTold(t *testing.T) {
	note := func(s *scripted.Stage) string { return s.Presenter.State().Form.Notes[presenter.FieldProvider] }
	fill := func(s *scripted.Stage, f presenter.Field, value string) {
		s.Presenter.Edit(f, value)
		s.Presenter.Leave(f)
	}
	for how, enter := range map[string]func(*scripted.Stage){
		"typed":  func(s *scripted.Stage) { fill(s, presenter.FieldTenant, "nowhere.example") },
		"chosen": func(s *scripted.Stage) { s.Presenter.ChooseProvider(mailbox.ProviderGoogle, "") },
		"found": func(s *scripted.Stage) {
			fill(s, presenter.FieldUser, "desk@contoso.com")
			s.Presenter.FindTenant()
			until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
		},
	} {
		s := play(t, nil)
		s.Presenter.Create("desk@nowhere.example")
		until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
		fill(s, presenter.FieldClientID, scripted.Helpdesk().OAuth.ClientID)
		if note(s) == "" {
			t.Errorf("%s: it is not told that something is missing", how)
		}
		if enter(s); note(s) != "" {
			t.Errorf("%s: %q", how, note(s))
		}
	}
}

func TestTheScriptIsCopied(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("desk@contoso.com")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if !s.Presenter.State().Assistant.CanScript {
		t.Fatal("no script, though it is at Microsoft")
	}
	s.Presenter.CopyScript(false) // before anything is registered
	s.Presenter.CopyScript(true)
	if len(s.Copied) != 2 || !strings.Contains(s.Copied[0], "Set-CASMailbox") || !strings.Contains(s.Copied[0], "'desk@contoso.com'") || !strings.Contains(s.Copied[1], "az ad app") {
		t.Fatalf("%q", s.Copied)
	}
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "99999")
	s.Presenter.CopyScript(false)
	if st := s.Presenter.State(); len(s.Copied) != 2 || st.Form.Errors[presenter.PortOf(mailbox.IMAP)] == "" {
		t.Error("copied with a wrong value")
	}
	s.Presenter.ChooseProvider(mailbox.ProviderGoogle, "")
	if s.Presenter.State().Assistant.CanScript {
		t.Error("a script for Google")
	}
}

// The tenant of a domain is not put beside a user of another one.
func TestALookUpOfAnotherDomainIsDropped(t *testing.T) {
	s := play(t, nil, scripted.Helpdesk())
	s.Presenter.FindTenant()
	s.Presenter.Edit(presenter.FieldUser, "desk@nowhere.example")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if got := form(s, presenter.FieldTenant); got != "contoso.com" {
		t.Errorf("%q", got)
	}
}
