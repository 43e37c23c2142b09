package ui_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// The list opens by mouse and by keys, and says in words how each one stands.
func TestTheListOfMailboxes(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.Presenter.Duplicate()
	if err := s.Until(func(st presenter.State) bool { return len(st.Standing) == 2 && st.Standing[1].Text == "valid" }); err != nil {
		t.Fatal(err)
	}
	list := s.View.MailboxList()
	for name, unfold := range map[string]func(){
		"mouse": func() { test.Tap(list) },
		"space": func() { list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace}) },
		"enter": func() { list.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn}) },
	} {
		unfold()
		items := s.View.MenuItems()[2:] // below the overview and a line
		if len(items) != 2 || items[0].Label != "Helpdesk  ·  valid" || items[0].Icon == nil || items[0].Checked || !items[1].Checked {
			t.Fatalf("%s: %+v", name, items)
		}
		if !s.View.CloseMenu() {
			t.Errorf("%s does not open the list", name)
		}
	}
	s.View.MenuItems()[2].Action()
	if s.State.Selected != 0 {
		t.Errorf("selected %d", s.State.Selected)
	}
	// While it is open somebody else saves a mailbox that stands before it.
	items := s.View.MenuItems()
	if err := s.Book.Put(scripted.Named("Billing")); err != nil {
		t.Fatal(err)
	}
	s.Presenter.Reread()
	until(t, s, func(st presenter.State) bool { return len(st.Mailboxes) == 3 })
	if items[3].Action(); s.State.Name != "Helpdesk (2)" {
		t.Errorf("opened %s", s.State.Name)
	}
}

func TestTheProxyPasswordIsAskedFor(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
		return authorization.Result{}, diagnosis.New(diagnosis.CauseProxyAuthRequired, "", nil)
	}
	s.Presenter.Request()
	if err := s.Until(func(st presenter.State) bool { return st.Auth.Finding != nil }); err != nil {
		t.Fatal(err)
	}
	s.View.FindingAction(0)
	proxy := s.View.ProxyEntry()
	if s.Window.Canvas().Focused() != fyne.Focusable(proxy) || !proxy.Password {
		t.Fatalf("the cursor is in %T", s.Window.Canvas().Focused())
	}
	copied := test.NewClipboard()
	for content, want := range map[string]string{"one line\r\n": "one line", "abc\r\ndef\n": "abc\r\rdef"} {
		copied.SetContent(content)
		proxy.TypedShortcut(&fyne.ShortcutPaste{Clipboard: copied})
		if proxy.Text != want {
			t.Errorf("%q was pasted as %q", content, proxy.Text)
		}
		proxy.SetText("")
	}
	test.Type(proxy, "anna:canary")
	press(s, fyne.KeyReturn)
	if err := s.Until(func(st presenter.State) bool { return st.Form.Secrets[authorization.ProxyPassword] }); err != nil {
		t.Fatal(err)
	}
	if proxy.Text != "" || s.Engine.Secret(authorization.ProxyPassword) != "anna:canary" {
		t.Errorf("the field holds %q", proxy.Text)
	}
}

// A certificate can be chosen where an application signs in, and nowhere else.
func TestTheCertificateDialog(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.OpenMore()
	if s.View.CertificateOffered() {
		t.Error("offered to a user's sign-in")
	}
	s.Presenter.Choose(presenter.FieldAccountType, mailbox.AccountApplication)
	if !s.View.CertificateOffered() {
		t.Fatal("not offered to an application")
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "app.pem")
	if err := os.WriteFile(file, []byte("-----BEGIN CERTIFICATE-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.View.SetFolder(dir)
	test.Tap(s.View.CertificateButton())
	says(t, s, "app.pem")
	typeOver(s, file)
	press(s, fyne.KeyReturn)
	if err := s.Until(func(st presenter.State) bool { return st.Form.Secrets[authorization.ClientSecret] }); err != nil {
		t.Fatal(err)
	}
}
