package presenter_test

import (
	"slices"
	"testing"

	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// Only the allowed ways to sign in are offered, anywhere.
func TestOnlyAllowedWaysAreOffered(t *testing.T) {
	forbid(t, mailbox.SignInLink, mailbox.SignInDeviceCode)
	s := playHelpdesk(t)
	p := s.Presenter
	if f := p.State().Form; !slices.Equal(f.Ways, []string{mailbox.SignInLink, mailbox.SignInDeviceCode}) || f.Way != mailbox.SignInLink || f.Notes[presenter.FieldSignIn] == "" {
		t.Errorf("%q, %q, note %q", f.Ways, f.Way, f.Notes[presenter.FieldSignIn])
	}
	begun := steer(s)
	p.Request()
	r := <-begun
	r.o.OnEvent(oauth.SignInStarted{URL: "http://localhost:51234/start/0f9a", Account: "helpdesk@contoso.com"})
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil && st.Auth.Waiting.CanOpen })
	if w := p.State().Auth.Waiting; w.CanReopen || slices.Contains(w.Ways, mailbox.SignInPrivateWindow) || slices.Contains(w.Ways, mailbox.SignInDefaultBrowser) {
		t.Errorf("a browser is offered: %+v", w)
	}
	p.OpenAgain()
	select {
	case way := <-r.o.Again:
		t.Errorf("opened again in %q", way)
	default:
	}
	r.done <- scripted.Somebody()
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	for _, a := range p.State().Auth.Finding.Actions {
		if a.ID == presenter.ActionPrivateWindow {
			t.Errorf("offered: %q", a.Text)
		}
	}
	p.NewMailbox()
	p.Create("new@contoso.com")
	wantForm(t, s, map[presenter.Field]string{presenter.FieldSignIn: mailbox.SignInLink})
}

func TestWithoutAPolicyAllWaysAreOffered(t *testing.T) {
	s := playHelpdesk(t)
	if f := s.Presenter.State().Form; len(f.Ways) != 4 || f.Way != mailbox.SignInPrivateWindow || f.Notes[presenter.FieldSignIn] != "" {
		t.Errorf("%+v", f)
	}
}
