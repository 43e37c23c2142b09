package presenter_test

import (
	"strings"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// A result is of what was tested. After an edit it is called out of date, and
// never that of a server nobody asked.
func TestAResultAfterAnEdit(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), "imap.never-tested.example")
	st := s.Presenter.State().Test
	imap := st.Protocols[0]
	if imap.Where != "outlook.office365.com:993" {
		t.Errorf("%s is shown with the result of another server: %s", imap.Where, imap.Result)
	}
	if imap.Mark == presenter.MarkGood || imap.Result != "out of date" || st.Summary.Mark != presenter.MarkWarning || !strings.Contains(st.Summary.Text, "out of date") {
		t.Errorf("IMAP %v, %q; %v, %q", imap.Mark, imap.Result, st.Summary.Mark, st.Summary.Text)
	}
	if !st.Primary || !st.CanTest || !st.CanReport || st.CanRoundTrip || st.CanWatch {
		t.Errorf("what to do next: %+v", st)
	}
	s.Presenter.Edit(presenter.HostOf(mailbox.IMAP), "outlook.office365.com")
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood || st.Protocols[0].Result != "works · 412 ms" {
		t.Errorf("with the value back: %+v, %+v", st.Summary, st.Protocols[0])
	}
}

// What follows from other fields makes a result as old as what is typed, and a
// server that is left out, or added, changes nothing about what was tested.
func TestWhatMakesAResultOld(t *testing.T) {
	for field, value := range map[presenter.Field]string{
		presenter.FieldSender: "desk@contoso.com", presenter.FieldUser: "else@contoso.com", presenter.SecurityOf(mailbox.SMTP): mailbox.SecurityTLS,
		presenter.HostOf(mailbox.POP3): "", presenter.PortOf(mailbox.IMAP): "99300", presenter.FieldClientID: "2b4e28ba-2fa1-4d2b-883f-0016d3cca427",
		presenter.FieldAuthentication: mailbox.AuthPassword,
	} {
		t.Run(string(field), func(t *testing.T) {
			s := playValid(t)
			before := tested(t, s, scripted.AllGood())
			s.Presenter.Edit(field, value)
			st := s.Presenter.State().Test
			if st.Summary.Mark != presenter.MarkWarning || len(st.Protocols) != 3 {
				t.Fatalf("%+v, %d protocols", st.Summary, len(st.Protocols))
			}
			for i, p := range st.Protocols {
				if p.Mark == presenter.MarkGood || p.Where != before.Protocols[i].Where || p.Safety != before.Protocols[i].Safety {
					t.Errorf("%s: %v, %s %s", p.Name, p.Mark, p.Where, p.Safety)
				}
			}
		})
	}
}

// The name of a mailbox, and how one signs in at the browser, are no part of
// what is tested.
func TestWhatLeavesAResultAsItIs(t *testing.T) {
	s := playValid(t)
	tested(t, s, scripted.AllGood())
	if wrong := s.Presenter.Rename("Another name"); wrong != "" {
		t.Fatal(wrong)
	}
	s.Presenter.Choose(presenter.FieldSignIn, mailbox.SignInDeviceCode)
	s.Presenter.Choose(presenter.FieldPrompt, mailbox.PromptSelectAccount)
	if st := s.Presenter.State().Test; st.Summary.Mark != presenter.MarkGood || st.Next == nil || !strings.HasPrefix(st.Protocols[0].Result, "works") {
		t.Errorf("%+v", st)
	}
}
