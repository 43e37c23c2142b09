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
			presenter.FieldProvider: mailbox.ProviderMicrosoft, presenter.FieldIMAPHost: "outlook.office365.com", presenter.FieldAccountType: mailbox.AccountTenant,
			presenter.FieldTenant: scripted.Account.TenantID, presenter.FieldUser: "desk@contoso.com",
		}, "enter the application ID"},
		"desk@shop.example": {presenter.Form{
			presenter.FieldProvider: mailbox.ProviderGoogle, presenter.FieldIMAPHost: "imap.gmail.com", presenter.FieldSMTPHost: "smtp.gmail.com",
			presenter.FieldAuthentication: mailbox.AuthOAuth2,
		}, "Google Cloud console"},
		"desk@else.example": {presenter.Form{
			presenter.FieldAuthentication: mailbox.AuthPassword, presenter.FieldIMAPHost: "mail.else.example", presenter.FieldPOP3Host: "",
			presenter.FieldSMTPHost: "mail.else.example", presenter.FieldSMTPPort: "465", presenter.FieldSMTPSecurity: mailbox.SecurityTLS,
		}, "announces these servers"},
		"desk@nowhere.example": {presenter.Form{presenter.FieldProvider: mailbox.ProviderMicrosoft}, "Nothing was found about nowhere.example"},
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

// What was typed while the search ran stays.
func TestAProposalLeavesWhatWasTyped(t *testing.T) {
	s := play(t, nil)
	s.Presenter.Create("desk@else.example")
	s.Presenter.Edit(presenter.FieldPOP3Host, "pop.else.example")
	until(t, s, func(st presenter.State) bool { return !st.Form.Searching })
	if got := s.Presenter.State().Form.Form[presenter.FieldPOP3Host]; got != "pop.else.example" {
		t.Errorf("%q", got)
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
	s.Presenter.Edit(presenter.FieldIMAPPort, "99999")
	s.Presenter.CopyScript(false)
	if st := s.Presenter.State(); len(s.Copied) != 2 || st.Form.Errors[presenter.FieldIMAPPort] == "" {
		t.Error("copied with a wrong value")
	}
	s.Presenter.ChooseProvider(mailbox.ProviderGoogle, "")
	if s.Presenter.State().Assistant.CanScript {
		t.Error("a script for Google")
	}
}
