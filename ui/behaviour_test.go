package ui_test

import (
	"context"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func shows(s *scripted.Stage, words string) bool { return look(s.Window.Content()).has(words) }

// enter types into a field of the mailbox and leaves it.
func enter(s *scripted.Stage, f presenter.Field, value string) {
	s.Window.Canvas().Focus(s.View.Field(f))
	typeOver(s, value)
	s.Window.Canvas().Unfocus()
}

// What is wrong is said at its field when it is left, and no longer when it is
// right; a half mailbox is marked as a draft.
func TestAnErrorStandsAtItsField(t *testing.T) {
	for field, c := range map[presenter.Field]struct{ wrong, right, says string }{
		presenter.FieldSender:          {"helpdesk", "helpdesk@contoso.com", "is not an e-mail address"},
		presenter.PortOf(mailbox.IMAP): {"99300", "993", "is not a port"},
		presenter.FieldClientID:        {"1b4e", "1b4e28ba-2fa1-4d2b-883f-0016d3cca427", "is not an application ID"},
		presenter.FieldRedirect:        {"ftp://x", mailbox.RedirectLocalhost, "is not possible here"},
	} {
		t.Run(string(field), func(t *testing.T) {
			s := open(t, "valid", i18n.English, 1280, 800)
			if field == presenter.FieldRedirect {
				s.View.OpenMore()
			}
			s.Window.Canvas().Focus(s.View.Field(field))
			typeOver(s, c.wrong)
			if shows(s, c.says) {
				t.Error("said while one types")
			}
			s.Window.Canvas().Unfocus()
			said := s.State.Form.Errors[field]
			if !strings.Contains(said, c.says) || !shows(s, said) || !shows(s, "Helpdesk – draft") {
				t.Fatalf("%q is not to be read, or the mailbox is no draft", said)
			}
			at, words := s.View.Field(field).(fyne.CanvasObject), lineOf(s, said)
			top, bottom, _ := s.View.InSight(at)
			if words == nil || words.at.y < top || words.at.y > bottom+60 {
				t.Errorf("it stands at %v, the field at %.0f–%.0f", words, top, bottom)
			}
			enter(s, field, c.right)
			s.Saved()
			if shows(s, said) || shows(s, "draft") {
				t.Error("it stays when the value is right")
			}
		})
	}
}

// lineOf is where a text begins.
func lineOf(s *scripted.Stage, words string) *line {
	first, _, _ := strings.Cut(words, " ")
	for _, l := range look(s.Window.Content()).lines {
		if strings.HasPrefix(l.text, first) && strings.HasPrefix(words, l.text[:min(len(l.text), len(words))]) {
			return &l
		}
	}
	return nil
}

// Where only one half is in sight, what has to be seen comes into sight.
func TestASmallWindowShowsWhatMatters(t *testing.T) {
	s := open(t, "valid", i18n.English, 800, 600)
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Presenter.ShowAssistant(true) // stands above it
	s.View.ShowTab(false)
	press(s, fyne.KeyF5)
	if !s.View.SecondTab() || s.View.Scrolled() == 0 {
		t.Error("a test begins out of sight")
	}
	until(t, s, func(st presenter.State) bool { return !st.Test.Running })
	if !shows(s, "The mailbox works") {
		t.Error("its result is out of sight")
	}
	// A value that is wrong stops the next one, and is where one looks then.
	s.Presenter.Edit(presenter.PortOf(mailbox.IMAP), "99300")
	s.View.ShowTab(true)
	press(s, fyne.KeyF5)
	if s.View.SecondTab() || !shows(s, "99300 is not a port") {
		t.Error("nobody sees why the test does not begin")
	}
	if s.Window.Canvas().Focused() != s.View.Field(presenter.PortOf(mailbox.IMAP)) {
		t.Errorf("the cursor is in %T", s.Window.Canvas().Focused())
	}
}

// At the smallest size every dialog has its buttons in sight.
func TestDialogsFitIntoTheSmallestWindow(t *testing.T) {
	for name, show := range sheets {
		for _, language := range i18n.Languages {
			t.Run(name+"/"+string(language), func(t *testing.T) {
				s := open(t, "tested-one-bad", language, 640, 480)
				show(s.View)
				for _, l := range overlay(s).lines {
					if l.at.x < 0 || l.at.x+l.at.w > 640 {
						t.Errorf("%q at %s", l.text, l.at)
					}
				}
				for _, f := range stops(s) {
					b, ok := f.(*ui.Button)
					if !ok {
						continue
					}
					at := fyne.CurrentApp().Driver().AbsolutePositionForObject(b)
					if at.Y < 0 || at.Y+b.Size().Height > 480 {
						t.Errorf("the button %q is at %.0f–%.0f", b.Text, at.Y, at.Y+b.Size().Height)
					}
				}
			})
		}
	}
}

// A deleted mailbox is back with one key press, and is the one that is open.
func TestUndo(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.Presenter.Duplicate()
	s.Presenter.Select(0)
	if !s.View.ChooseMenu("Delete") {
		t.Fatal("it cannot be deleted")
	}
	if !slices.Equal(s.State.Mailboxes, []string{"Helpdesk (2)"}) || !shows(s, "was deleted. Its authorization stays;") {
		t.Fatalf("%v", s.State.Mailboxes)
	}
	undo := button(s.Window.Content(), "Undo")
	s.Window.Canvas().Focus(undo)
	press(s, fyne.KeyReturn)
	s.Saved()
	if !slices.Equal(s.State.Mailboxes, []string{"Helpdesk", "Helpdesk (2)"}) || s.State.Name != "Helpdesk" || button(s.Window.Content(), "Undo") != nil {
		t.Errorf("%v, %s is open", s.State.Mailboxes, s.State.Name)
	}
	if names, _ := s.Book.Names(); !slices.Equal(names, []string{"Helpdesk", "Helpdesk (2)"}) {
		t.Errorf("saved %v", names)
	}
}

// What cannot be taken back, and what sends a message, is asked first.
func TestNothingIsDoneBeforeItIsAgreedTo(t *testing.T) {
	sent := 0
	s := open(t, "tested-good", i18n.English, 1280, 800)
	s.Trips = func(context.Context, mailtest.Config) iter.Seq[mailtest.Event] {
		sent++
		return func(func(mailtest.Event) bool) {}
	}
	s.View.ForgetDialog()
	tap(t, s, "Cancel")
	s.View.RoundTripDialog()
	press(s, fyne.KeyReturn) // the cursor is on the button that does nothing
	s.Saved()
	if sent != 0 || s.State.Auth.Status.Mark != presenter.MarkGood || s.Window.Canvas().Overlays().Top() != nil {
		t.Fatalf("%d messages, %+v", sent, s.State.Auth.Status)
	}
	s.View.RoundTripDialog()
	tap(t, s, "Send the message")
	until(t, s, func(st presenter.State) bool { return st.Test.CanTest })
	if sent != 1 {
		t.Errorf("%d messages", sent)
	}
	s.View.ForgetDialog()
	tap(t, s, "Delete the authorization")
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkPending })
	if !shows(s, "No authorization yet") {
		t.Error("the window does not say that it is gone")
	}
}

// A name that is taken is refused in the dialog, which stays.
func TestRenamingInTheDialog(t *testing.T) {
	s := open(t, "valid", i18n.German, 1280, 800)
	s.Presenter.Duplicate()
	s.View.RenameDialog()
	for _, name := range []string{"helpdesk", "", "a/b"} {
		typeOver(s, name)
		press(s, fyne.KeyReturn)
		if s.Window.Canvas().Overlays().Top() == nil || s.State.Name != "Helpdesk (2)" {
			t.Fatalf("%q is taken over", name)
		}
	}
	if !overlay(s).has("Buchstaben") {
		t.Errorf("%q", overlay(s).words)
	}
	typeOver(s, "Einkauf")
	press(s, fyne.KeyReturn)
	s.Saved()
	if s.State.Name != "Einkauf" || s.Window.Canvas().Overlays().Top() != nil {
		t.Errorf("%s; the dialog is open", s.State.Name)
	}
}

// After an edit the last result says in words and by its icon that it is old.
func TestAnOldResultLooksOld(t *testing.T) {
	s := open(t, "tested-good", i18n.German, 1024, 700)
	if !shows(s, "Das Postfach funktioniert") || shows(s, "nicht mehr aktuell") {
		t.Fatal("the result is old from the beginning")
	}
	enter(s, presenter.PortOf(mailbox.SMTP), "25")
	if shows(s, "Das Postfach funktioniert") || !shows(s, "Nicht mehr aktuell") || !shows(s, "smtp.office365.com:587") || shows(s, "smtp.office365.com:25") {
		t.Errorf("%q", look(s.Window.Content()).words)
	}
	if words, primary := ui.Primary(button(s.Window.Content(), "Postfach testen")); !primary {
		t.Errorf("%q is not the next thing to do", words)
	}
	enter(s, presenter.PortOf(mailbox.SMTP), "587")
	if !shows(s, "Das Postfach funktioniert") || shows(s, "ktuell") {
		t.Error("with the old values it is as it was")
	}
}

// While a sign-in waits: another way, the link, an answer by hand, the end.
func TestTheWaitingPanel(t *testing.T) {
	s := open(t, "waiting", i18n.English, 1280, 800)
	where := func() fyne.Position {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(button(s.Window.Content(), "Copy link"))
	}
	before := where()
	tap(t, s, "Copy link")
	if where() != before || !shows(s, "Link copied.") {
		t.Errorf("the button moved from %v to %v", before, where())
	}
	if !slices.Equal(s.Copied, []string{"http://localhost:51234/start/0f9a"}) {
		t.Errorf("copied %q", s.Copied)
	}
	pasted := make(chan string, 1)
	s.Presenter.Cancel()
	s.Engine.OnRequest = func(ctx context.Context, _ mailbox.Definition, o authorization.Options) (authorization.Result, error) {
		o.OnEvent(oauth.SignInStarted{URL: "http://localhost:51234/start/77", Account: scripted.Account.User, Expires: scripted.Clock.Add(time.Minute), Authority: "login.microsoftonline.com"})
		select {
		case text := <-o.Pasted:
			pasted <- text
		case <-ctx.Done():
		}
		return authorization.Result{}, scripted.Somebody()
	}
	tap(t, s, "Request new authorization token")
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil && st.Auth.Waiting.CanOpen })
	if s.View.PasteVisible() {
		t.Fatal("the field for the answer is open from the beginning")
	}
	tap(t, s, "Does the browser show an error? Paste answer…")
	area := s.View.PasteArea()
	if s.Window.Canvas().Focused() != area {
		t.Errorf("the cursor is in %T", s.Window.Canvas().Focused())
	}
	test.Type(area, "http://localhost:51234/?code=geheim&state=x")
	tap(t, s, "Use this")
	if got := <-pasted; !strings.Contains(got, "code=geheim") {
		t.Errorf("handed over %q", got)
	}
	if words, _ := entryText(area.(fyne.CanvasObject)); strings.Contains(words, "geheim") {
		t.Error("the answer stays in its field")
	}
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting == nil && st.Auth.Finding != nil })
	if !shows(s, "admin@contoso.com") || s.View.PasteVisible() {
		t.Error("who signed in is not told")
	}
}

// The product's card: the values in the product's words, each to be copied.
func TestTheProductCard(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	if shows(s, "Microsoft Azure AD (nur Organisationen)") {
		t.Fatal("a product is chosen")
	}
	s.View.ScrollRight(0)
	s.View.ChooseProduct("Aagon ACMP")
	if top, height := s.View.ProductAt(); top < 0 || top > 2*24 || s.View.Scrolled() == 0 {
		t.Errorf("the chosen product's card begins at %v of %v", top, height)
	}
	if s.Notes.Product.ID != "acmp" || !shows(s, "Application/Client ID") {
		t.Fatalf("chosen %+v", s.Notes.Product)
	}
	enter(s, presenter.FieldClientID, "2b4e28ba-2fa1-4d2b-883f-0016d3cca427")
	if !shows(s, "2b4e28ba-2fa1-4d2b-883f-0016d3cca427") {
		t.Error("the card does not follow the form")
	}
	for _, f := range controls(s.Window.Content()) {
		if b, ok := f.(*ui.Button); ok && b.Text == "Copy" {
			test.Tap(b)
		}
	}
	if !slices.Contains(s.Copied, "2b4e28ba-2fa1-4d2b-883f-0016d3cca427") || !shows(s, "Copied") {
		t.Errorf("copied %q", s.Copied)
	}
}

// An application without a user signs in without a browser: what is about one is
// not asked for.
func TestAnApplicationHasNoBrowser(t *testing.T) {
	for scene, want := range map[string]bool{"application": false, "none": true} {
		if got := shows(open(t, scene, i18n.English, 1280, 800), "Sign-in window"); got != want {
			t.Errorf("%s: the sign-in window is shown: %v", scene, got)
		}
	}
}

// What the product's check found wrong is what the next step leads to, or else
// the values.
func TestTheNextStepShowsWhatComes(t *testing.T) {
	for scene, words := range map[string]string{"product-narrow": "The app registration allows only one organization, but Aagon ACMP signs in at /organizations", "assistant-done": "Application/Client ID"} {
		s := open(t, scene, i18n.English, 1280, 800)
		s.View.ScrollRight(0)
		s.View.NextButton().OnTapped()
		if s.Window.Canvas().Overlays().Top() != nil {
			t.Errorf("%s: a list is open", scene)
		}
		if top, _ := s.View.ProductAt(); scene == "product-narrow" && (top < 0 || top > 2*24) || s.View.Scrolled() == 0 || !shows(s, words) {
			t.Errorf("%s: the card begins at %v, scrolled to %v", scene, top, s.View.Scrolled())
		}
	}
}

// After the greens one button leads to the card, in two halves and in tabs.
func TestTheNextStepLeadsToTheProduct(t *testing.T) {
	for _, size := range []fyne.Size{{Width: 1024, Height: 700}, {Width: 800, Height: 600}} {
		s := open(t, "assistant-finished", i18n.English, size.Width, size.Height)
		before := s.View.Scrolled()
		s.View.NextButton().OnTapped()
		if s.Window.Canvas().Overlays().Top() == nil {
			t.Errorf("%v: the list of products is not open", size)
		}
		s.Window.Canvas().Overlays().Remove(s.Window.Canvas().Overlays().Top())
		if !s.View.ProductFocused() || s.View.Scrolled() <= before || s.View.Narrow() && !s.View.SecondTab() {
			t.Errorf("%v: focused %v, scrolled from %v to %v", size, s.View.ProductFocused(), before, s.View.Scrolled())
		}
	}
}

// The same mailbox in the other language: all that is typed is the same, and
// no word of the first language is left.
func TestTheOtherLanguage(t *testing.T) {
	english := open(t, "tested-one-bad", i18n.English, 1280, 800)
	enter(english, presenter.FieldTenant, "fabrikam.com")
	english.Saved()
	german := scripted.NewStage(i18n.German)
	german.Book = english.Book
	german.Show(test.NewTempWindow(t, nil), fyne.NewSize(1280, 800))
	t.Cleanup(german.Presenter.Close)
	if got := german.State.Form.Form[presenter.FieldTenant]; got != "fabrikam.com" {
		t.Errorf("tenant %s", got)
	}
	for _, words := range []string{"Test mailbox", "Server information", "Sender"} {
		if shows(german, words) || !shows(english, words) {
			t.Errorf("%q", words)
		}
	}
}

// Reports are named after what was tested and when, whatever the form says now.
func TestTheReportsName(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.English, 1280, 800)
	s.Presenter.Rename("Another")
	dir := t.TempDir()
	s.View.SetFolder(dir)
	s.View.ReportDialog()
	path, _ := entryText(s.Window.Canvas().Focused().(fyne.CanvasObject))
	if got := filepath.Base(path); got != "Helpdesk 2026-11-23 1444.html" {
		t.Errorf("%s", got)
	}
}

// What is being typed at the product stays though a test ends meanwhile.
func TestTheProductsAddressIsTypedDuringATest(t *testing.T) {
	s := open(t, "valid", i18n.English, 1280, 800)
	s.View.ChooseProduct("Zammad")
	end := make(chan struct{})
	s.Tests = scripted.Tests(scripted.AllGood(), end)
	s.Presenter.Test()
	host := s.View.ProductHost()
	s.Window.Canvas().Focus(host)
	test.Type(host, "desk.con")
	close(end)
	until(t, s, func(st presenter.State) bool { return !st.Test.Running && st.Test.Summary.Mark == presenter.MarkGood })
	if host.Text != "desk.con" {
		t.Errorf("it says %q", host.Text)
	}
}

// An answer that was pasted for one mailbox is not handed over for another.
func TestAnAnswerIsOfOneSignIn(t *testing.T) {
	s := open(t, "overview", i18n.English, 1280, 800)
	steerRequests(s)
	for _, i := range []int{0, 1} {
		s.Presenter.Select(i)
		s.Presenter.Request()
	}
	until(t, s, func(st presenter.State) bool { return st.Auth.Waiting != nil })
	test.Type(s.View.PasteArea(), "http://localhost:51234/?code=geheim&state=x")
	s.Presenter.Select(0)
	if st := s.State.Auth.Waiting; st == nil {
		t.Fatal("the other sign-in has ended")
	}
	if words, _ := entryText(s.View.PasteArea().(fyne.CanvasObject)); strings.Contains(words, "geheim") {
		t.Errorf("it says %q", words)
	}
}
