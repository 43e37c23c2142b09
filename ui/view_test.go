package ui_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func press(s *scripted.Stage, key fyne.KeyName) {
	ev := &fyne.KeyEvent{Name: key}
	if f := s.Window.Canvas().Focused(); f != nil {
		if k, ok := f.(desktop.Keyable); ok {
			k.KeyDown(ev)
		}
		f.TypedKey(ev)
		return
	}
	s.Window.Canvas().OnTypedKey()(ev)
}

func pressCtrl(s *scripted.Stage, key fyne.KeyName) {
	shortcut := &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
	if f, ok := s.Window.Canvas().Focused().(fyne.Shortcutable); ok {
		f.TypedShortcut(shortcut)
		return
	}
	s.View.PressShortcut(shortcut)
}

func until(t *testing.T, s *scripted.Stage, wanted func(presenter.State) bool) {
	t.Helper()
	if err := s.Until(wanted); err != nil {
		t.Fatal(err)
	}
}

// From the first start to three green, by the keyboard alone.
func TestKeyboardAlone(t *testing.T) {
	s := open(t, "welcome", i18n.English, 1280, 800)
	c := s.Window.Canvas()
	if c.Focused() != s.View.WelcomeEntry() {
		t.Fatal("the cursor is not in the first field")
	}
	test.Type(c.Focused(), "helpdesk@contoso.com")
	press(s, fyne.KeyReturn)
	until(t, s, func(st presenter.State) bool { return st.Welcome == nil && !st.Form.Searching })
	if c.Focused() != s.View.Field(presenter.FieldClientID) {
		t.Fatal("the cursor is not where the next value belongs")
	}
	test.Type(c.Focused(), "1b4e28ba-2fa1-4d2b-883f-0016d3cca427")
	press(s, fyne.KeyReturn)
	if c.Focused() == s.View.Field(presenter.FieldClientID) {
		t.Error("Enter does not go on")
	}
	s.Saved()
	if _, err := s.Book.Get("helpdesk@contoso.com"); err != nil {
		t.Error("leaving the field did not save")
	}
	s.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
		s.Engine.Store(scripted.Valid(s.Now), nil)
		return authorization.Result{Status: authorization.Status{Account: scripted.Account, Identity: oauth.Same}}, nil
	}
	pressCtrl(s, fyne.KeyR)
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	press(s, fyne.KeyF5)
	until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
	if !look(s.Window.Content()).has("The mailbox works") {
		t.Error("the window does not say so")
	}
	pressCtrl(s, fyne.KeyN)
	if s.State.Welcome == nil {
		t.Fatal("Ctrl+N opens nothing")
	}
	press(s, fyne.KeyEscape)
	if s.State.Welcome != nil {
		t.Error("Escape does not go back")
	}
}

func TestANewMailboxIsNotCalledTheFirst(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	pressCtrl(s, fyne.KeyN)
	if got := look(s.Window.Content()); got.has("No mailbox yet") || !got.has("New mailbox") {
		t.Errorf("the list says %q", got.words)
	}
}

// The toolkit forgets the renderers of what was not seen for a minute.
func TestTheCursorFindsAPageThatWasNotSeenForLong(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	pressCtrl(s, fyne.KeyN)
	card := s.View.WelcomeCard()
	press(s, fyne.KeyEscape)
	t.Run("forgotten", func(t *testing.T) { test.TempWidgetRenderer(t, card) }) // at its end
	tap(t, s, "New")
	if s.Window.Canvas().Focused() != s.View.WelcomeEntry() {
		t.Error("the cursor is not where the address belongs")
	}
}

// What another mailbox was scrolled to says nothing about this one.
func TestAMailboxOpensAtItsTop(t *testing.T) {
	s := open(t, "product", i18n.German, 1024, 700)
	s.Presenter.Duplicate()
	s.View.ScrollRight(200)
	s.View.ScrollTo(100)
	if s.View.Scrolled() == 0 || s.View.ScrolledLeft() == 0 {
		t.Fatal("there is nothing to scroll")
	}
	s.Presenter.Select(0)
	if s.View.Scrolled() != 0 || s.View.ScrolledLeft() != 0 {
		t.Error("it opens somewhere below")
	}
}

func TestTheCodeForAnotherDeviceIsCopied(t *testing.T) {
	s := open(t, "device-code", i18n.German, 1280, 800)
	tap(t, s, "Kopieren")
	if !slices.Equal(s.Copied, []string{"F7GH-Q2KM"}) {
		t.Errorf("copied: %q", s.Copied)
	}
}

func TestEscapeEndsTheFilter(t *testing.T) {
	s := open(t, "overview-filtered", i18n.German, 1280, 800)
	press(s, fyne.KeyEscape)
	if s.State.Overview.Filtered || s.State.Overview.Filter != "" {
		t.Errorf("still filtered by %q", s.State.Overview.Filter)
	}
}

// Enter alone is a line of the text.
func TestCtrlEnterUsesAText(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	tap(t, s, "Explain an error")
	test.Type(s.Window.Canvas().Focused(), "AADSTS7000215")
	pressCtrl(s, fyne.KeyReturn)
	says(t, s, "The client secret is wrong")
	says(t, s, "Look the code up at Microsoft")
}

// The cursor goes to the first one as they stand, of several fields that are wrong.
func TestTheFirstWrongFieldHasTheCursor(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	for _, field := range []presenter.Field{presenter.FieldTenant, presenter.FieldClientID} {
		s.Presenter.Choose(field, "no value")
	}
	pressCtrl(s, fyne.KeyR)
	if s.Window.Canvas().Focused() != s.View.Field(presenter.FieldClientID) {
		t.Error("the cursor is not in the application ID")
	}
}

func TestALetterChoosesAmongMany(t *testing.T) {
	s := open(t, "product", i18n.German, 1280, 800)
	for _, want := range []string{"zabbix", "zammad", "znuny", "zabbix"} {
		s.View.ProductList().TypedRune('Z')
		if got := s.State.Product.Chosen; got != want {
			t.Errorf("%q; want %q", got, want)
		}
	}
	all := s.State.Product.Choices
	if last := len(all) - 1; all[last].ID != "other" || !slices.IsSortedFunc(all[:last], func(a, b presenter.ProductChoice) int { return i18n.Compare(a.Name, b.Name) }) {
		t.Errorf("not in the order of their names: %v", all)
	}
	provider := s.State.Form.Form[presenter.FieldProvider]
	s.View.Field(presenter.FieldProvider).TypedRune('g')
	if got := s.State.Form.Form[presenter.FieldProvider]; got != provider {
		t.Errorf("the provider is %q now", got)
	}
}

// So it does those of pages that scroll.
func TestTheCursorFindsAPreviewThatWasNotSeenForLong(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	d := scripted.Named("Dropped")
	definition := file(t, "dropped.json", string(d.Format()))
	s.View.Drop(definition)
	pages := s.View.Pages()
	press(s, fyne.KeyEscape)
	s.Window.Canvas().Unfocus()
	t.Run("forgotten", func(t *testing.T) {
		for _, page := range pages {
			test.TempWidgetRenderer(t, page)
		}
	})
	s.View.Drop(definition)
	if b := button(s.Window.Content(), "Cancel"); len(pages) == 0 || b == nil || s.Window.Canvas().Focused() != b {
		t.Errorf("the keys are at %T", s.Window.Canvas().Focused())
	}
}

// A notice goes first: a sign-in is not lost with it.
func TestEscapeClosesANoticeBeforeASignIn(t *testing.T) {
	s := open(t, "waiting", i18n.English, 1280, 800)
	tap(t, s, "Copy link")
	wait(t, s, func() bool { return s.State.Notice != nil })
	press(s, fyne.KeyEscape)
	if s.State.Notice != nil || s.State.Auth.Waiting == nil {
		t.Error("the notice stays, or the sign-in goes with it")
	}
	press(s, fyne.KeyEscape)
	if n := s.State.Notice; s.State.Auth.Waiting != nil || n == nil || !strings.Contains(n.Text, "sign-in was cancelled") {
		t.Errorf("the sign-in goes on, or its end is not told: %+v", n)
	}
}

func TestEscapeCancelsAndKeepsTyping(t *testing.T) {
	s := open(t, "waiting", i18n.English, 1280, 800)
	s.Window.Canvas().Focus(s.View.Field(presenter.FieldSender))
	press(s, fyne.KeyEscape)
	if s.State.Auth.Waiting != nil {
		t.Error("the sign-in goes on")
	}
}

func TestTypingRunsThroughThePresenter(t *testing.T) {
	s := open(t, "none", i18n.English, 1280, 800)
	sender := s.View.Field(presenter.FieldSender)
	s.Window.Canvas().Focus(sender)
	sender.(fyne.Shortcutable).TypedShortcut(&fyne.ShortcutSelectAll{})
	test.Type(sender, "desk@contoso.com")
	if got := s.State.Form.Form[presenter.FieldUser]; got != "desk@contoso.com" {
		t.Errorf("user %q", got)
	}
	if user, _ := ui.EntryText(s.View.Field(presenter.FieldUser).(fyne.CanvasObject)); user != "desk@contoso.com" {
		t.Errorf("the field shows %q", user)
	}
	s.Window.Canvas().Unfocus()
	s.Saved()
	if saved, _ := s.Book.Get("Helpdesk"); saved.Sender != "desk@contoso.com" {
		t.Errorf("saved %q", saved.Sender)
	}
}

// BenchmarkKey is what a letter typed into a field costs before anything is
// painted: the presenter's part, the fields that follow, the layout.
func BenchmarkKey(b *testing.B) {
	s := open(b, "none", i18n.English, 1280, 800)
	sender := s.View.Field(presenter.FieldSender)
	s.Window.Canvas().Focus(sender)
	for b.Loop() {
		test.Type(sender, "a")
	}
}

func TestThePasswordLeavesItsField(t *testing.T) {
	s := open(t, "password", i18n.English, 1280, 800)
	e := s.View.PasswordEntry()
	test.Type(e, "geheim")
	test.Tap(s.View.PasswordStore())
	if e.Text != "" {
		t.Error("the field keeps it")
	}
	until(t, s, func(st presenter.State) bool { return st.Form.Secrets[authorization.Password] })
	if !strings.Contains(e.PlaceHolder, "stored") || s.Engine.Secret(authorization.Password) != "geheim" {
		t.Errorf("placeholder %q", e.PlaceHolder)
	}
	e.SetText("again")
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if e.Text != "" {
		t.Error("Enter keeps it")
	}
}

// A secret that was typed, but not stored, is not offered to another mailbox.
func TestATypedSecretStaysWithItsMailbox(t *testing.T) {
	s := open(t, "overview", i18n.English, 1280, 800)
	s.Presenter.Select(0)
	e := s.View.PasswordEntry()
	e.SetText("canary")
	s.Presenter.ShowMore(true)
	if e.Text != "canary" {
		t.Error("gone while its mailbox is open")
	}
	s.Presenter.Select(1)
	if e.Text != "" {
		t.Error("it stands in the form of another mailbox")
	}
}

func TestTheOAuthPanelIsActiveOnlyForOAuth(t *testing.T) {
	s := open(t, "password", i18n.English, 1280, 800)
	client := s.View.Field(presenter.FieldClientID).(fyne.Disableable)
	if !client.Disabled() || !s.View.OAuthFind().Disabled() || s.View.RequestButton().Visible() && s.State.Auth.CanRequest {
		t.Error("the panel is active")
	}
	s.Presenter.Choose(presenter.FieldAuthentication, mailbox.AuthOAuth2)
	if client.Disabled() || s.View.OAuthFind().Disabled() {
		t.Error("the panel stays inactive")
	}
}

func TestTheButtonsDoWhatTheySay(t *testing.T) {
	s := open(t, "none", i18n.English, 1280, 800)
	begun := make(chan struct{}, 1)
	s.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
		begun <- struct{}{}
		return authorization.Result{}, scripted.Somebody()
	}
	test.Tap(s.View.RequestButton())
	<-begun
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	test.Tap(s.View.TestButton())
	until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
}

func TestPracticeSwitches(t *testing.T) {
	s := open(t, "practice", i18n.English, 1280, 800)
	s.View.OpenFaults()
	test.Tap(s.View.Fault("smtp-auth-off-mailbox"))
	test.Tap(s.View.Fault("slow"))
	if got := strings.Join(s.Practice.On, " "); got != "slow" {
		t.Errorf("on: %s", got)
	}
}

// Faults are tried on the test, so neither covers the other.
func TestTheFaultsStandBesideTheTest(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1280, Height: 800}, {Width: 1024, Height: 700}} {
		s := open(t, "practice-failed", i18n.German, size.Width, size.Height)
		s.View.ScrollTo(200)
		scrolled, height := s.View.Scrolled(), s.View.PageHeight()
		s.View.OpenFaults()
		if s.View.Scrolled() != scrolled || s.View.PageHeight() != height {
			t.Errorf("%v: the test moved from %v of %v to %v of %v", size, scrolled, height, s.View.Scrolled(), s.View.PageHeight())
		}
		for _, id := range []string{"imap-off", "mail-lost"} {
			if top, bottom, in := s.View.InSight(s.View.Fault(id)); !in || top < 0 || bottom > height {
				t.Errorf("%v: %s is at %v to %v of %v", size, id, top, bottom, height)
			}
		}
	}
	s := open(t, "practice-failed", i18n.English, 800, 600)
	s.View.ShowTab(true)
	if s.View.OpenFaults(); s.View.SecondTab() {
		t.Error("with tabs the faults are out of sight")
	}
}

func TestTheFaultsAreOfferedWithoutAMailboxToo(t *testing.T) {
	s := open(t, "practice-overview", i18n.English, 1280, 800)
	s.View.OpenFaults()
	if !look(s.Window.Content()).has("IMAP is off for the mailbox") {
		t.Error("the overview offers no faults")
	}
	if s.Presenter.Select(0); s.State.Selected != 0 || !look(s.Window.Content()).has("IMAP is off for the mailbox") {
		t.Error("with the first mailbox that is opened they are gone")
	}
}

func TestTabsWhereThereIsNoRoom(t *testing.T) {
	s := open(t, "none", i18n.English, 1280, 800)
	for _, c := range []struct {
		size   fyne.Size
		narrow bool
	}{{fyne.NewSize(999, 800), true}, {fyne.NewSize(1000, 640), false}, {fyne.NewSize(1280, 639), true}, {fyne.NewSize(1024, 700), false}} {
		s.Window.Resize(c.size)
		if got := s.View.Narrow(); got != c.narrow {
			t.Errorf("%v: tabs %t; want %t", c.size, got, c.narrow)
		}
	}
	s.Window.Resize(fyne.NewSize(800, 600))
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Presenter.Test()
	if !s.View.SecondTab() {
		t.Error("a test that begins is out of sight")
	}
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
}

func TestTheDriversFailureIsNoticed(t *testing.T) {
	var log bytes.Buffer
	w := ui.DriverLog{Log: slog.New(slog.NewTextHandler(&log, nil))}
	run := func(words string) (err error) {
		defer ui.RecoverDriver(&err)
		_, err = w.Write([]byte(words))
		return err
	}
	for words, want := range map[string]string{
		"Fyne error:  window creation error\n  Cause: APIUnavailable: WGL: The driver does not appear to support OpenGL\n  At: x.go:1": "APIUnavailable: WGL: The driver does not appear to support OpenGL",
		"Fyne error:  failed to initialise GLFW\n  Cause: PlatformUnavailable: X11: Failed to open display":                            "PlatformUnavailable: X11: Failed to open display",
		"window creation error": "window creation error",
	} {
		var failed *ui.DriverError
		if err := run(words); !errors.As(err, &failed) || failed.Words != want || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v", words, err)
		}
	}
	if err := run("Preferences API requires a unique ID"); err != nil || log.Len() != 0 {
		t.Errorf("%v, %q", err, log.String())
	}
	if err := run("something else; PASS geheim"); err != nil || !strings.Contains(log.String(), "something else") {
		t.Errorf("%v, %q", err, log.String())
	}
	defer func() {
		if recover() != "other" {
			t.Error("another panic was swallowed")
		}
	}()
	func() {
		var err error
		defer ui.RecoverDriver(&err)
		panic("other")
	}()
}

func TestTheToolkitsFilesStayBelowHome(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/before")
	t.Setenv("XDG_CONFIG_HOME", "")
	_ = os.Unsetenv("XDG_CONFIG_HOME")
	home := t.TempDir()
	restore := ui.KeepBelow(home)
	if dir, _ := os.UserCacheDir(); !strings.HasPrefix(dir, home) {
		t.Errorf("cache in %s", dir)
	}
	restore()
	restore()
	if _, set := os.LookupEnv("XDG_CONFIG_HOME"); set || os.Getenv("XDG_CACHE_HOME") != "/before" {
		t.Error("the environment was not restored")
	}
}
