package ui_test

import (
	"fmt"
	"regexp"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/software"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

func entryText(o fyne.CanvasObject) (string, bool) { return ui.EntryText(o) }

var shared = sync.OnceValue(test.NewApp)

// wear gives the app that tests share a look. With each new app, and each other
// look, the toolkit reads the typefaces again, and never lets go of those before.
func wear(look fyne.Theme) {
	a := shared()
	if fyne.CurrentApp() != a || a.Settings().Theme() != look {
		fyne.SetCurrentApp(a)
		a.Settings().SetTheme(look)
	}
}

// open plays a scene in a window.
func open(t testing.TB, name string, language i18n.Language, width, height float32) *scripted.Stage {
	t.Helper()
	return openIn(t, ui.Look(), name, language, width, height)
}

func openIn(t testing.TB, look fyne.Theme, name string, language i18n.Language, width, height float32) *scripted.Stage {
	t.Helper()
	wear(look)
	w := test.NewTempWindow(t, nil)
	s := scripted.NewStage(language, scripted.Helpdesk())
	err := scripted.Find(name).Open(s, func(s *scripted.Stage) { s.Show(w, fyne.NewSize(width, height)) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Presenter.Close()
		software.NewCanvas().Capture() // only when it draws, the toolkit forgets what was drawn long ago (FYNE_CACHE)
	})
	return s
}

// windowSizes are in the window's units: pixels by the scale. The last three are
// 1024×768, 1280×800 and 1920×1080 at 150 %.
var windowSizes = []fyne.Size{
	{Width: 1024, Height: 700},
	{Width: 1280, Height: 800},
	{Width: 1920, Height: 1080},
	{Width: 800, Height: 600},
	{Width: 683, Height: 512},
	{Width: 853, Height: 533},
	{Width: 1280, Height: 720},
	{Width: 640, Height: 400},
}

// Every state, in both languages, at every size: nothing is cut, nothing lies
// on something else, no text is missing or in the wrong language.
func TestEveryStateCanBeReadEverywhere(t *testing.T) {
	speeches := map[i18n.Language]speech{i18n.English: speechOf(i18n.English), i18n.German: speechOf(i18n.German)}
	other := map[i18n.Language]i18n.Language{i18n.English: i18n.German, i18n.German: i18n.English}
	for _, scene := range scripted.Scenes {
		for _, language := range i18n.Languages {
			t.Run(scene.Name+"/"+string(language), func(t *testing.T) {
				s := open(t, scene.Name, language, 1280, 800)
				s.View.OpenMore()
				s.View.OpenWords()
				if s.Practice != nil {
					s.View.OpenFaults()
				}
				for _, size := range windowSizes {
					s.Window.Resize(size)
					s.View.Render(s.Presenter.State())
					for _, second := range []bool{false, true} {
						s.View.ShowTab(second)
						t.Run(fmt.Sprintf("%.0f×%.0f/%t", size.Width, size.Height, second), func(t *testing.T) {
							got := look(s.Window.Content())
							got.check(t, size.Width)
							if len(got.lines) < 5 {
								t.Errorf("only %d lines are to be read", len(got.lines))
							}
							got.checkLanguage(t, speeches[language], speeches[other[language]], quoted(s.State))
							entriesCut(t, s.Window.Content())
						})
					}
				}
			})
		}
	}
}

// What each state says.
func TestScenesSayWhatTheyMean(t *testing.T) {
	cases := map[string][]string{
		"welcome":                 {"Which mailbox do you want to authorize?", "Sender address", "Continue", "Nothing registered at Microsoft yet?", "Microsoft's instructions", "Try it without Microsoft"},
		"draft":                   {"helpdesk@contoso.com – draft", "No authorization yet", "Enter the application ID", "Proposed for contoso.com"},
		"draft-google":            {"Proposed for shop.example.", "OAuth client of the type “Desktop app”", "imap.gmail.com"},
		"draft-servers":           {"else.example announces these servers", "mail.else.example", "Password sign-in needs no authorization", "Store the password on the left"},
		"field-errors":            {"is not an e-mail address", "99300 is not a port", "is never sent unencrypted. Choose TLS or STARTTLS", "is not an application ID", "Is needed for the account type “Microsoft Entra ID (one organization)”"},
		"none":                    {"No authorization yet", "Request new authorization token", "Not tested yet"},
		"connecting":              {"Sign in as", "Asking the sign-in service", "Cancel"},
		"waiting":                 {"helpdesk@contoso.com", "Not as the user who is signed in", "14:32 left", "A private window of Microsoft Edge was opened", "Open again", "Copy link", "Other ways", "Does the browser show an error?"},
		"waiting-next":            {"No browser came up"},
		"waiting-paste-refused":   {"The sign-in page is open in the browser"},
		"paste-only":              {"login.example.com (none that Mailgrant knows)", "copy the address of the last page"},
		"device-code":             {"F7GH-Q2KM", "https://login.microsoft.com/device", "14:40 left"},
		"checking":                {"The account is being checked"},
		"wrong-account":           {"Nothing was stored", "admin@contoso.com", "Try again in a private window", "This account has access to the mailbox", "This account is the mailbox itself", "What to do:"},
		"consent-missing":         {"Consent as an administrator…", "Then request a new authorization token"},
		"proxy":                   {"The web proxy", "proxy.contoso.com", "Enter the proxy"},
		"wrong-clock":             {"Tried to find the cause:", "The clock of this machine is wrong"},
		"application":             {"The application proves itself"},
		"certificate-refused":     {"Not a usable certificate", "Store the client secret or certificate"},
		"foreign-service":         {"Sign in at login.example.com?", "Sign in there"},
		"valid":                   {"Valid for helpdesk@contoso.com", "IMAP.AccessAsUser.All granted", "SMTP.Send granted", "21 Nov 2026, 14:44", "21 Feb 2027"},
		"missing-permission":      {"SMTP.Send missing", "POP.AccessAsUser.All granted", "Not everything was granted."},
		"expiring":                {"but only until 30 Nov 2026"},
		"expired":                 {"has expired", "Request a new one"},
		"refused":                 {"is refused", "Original message"},
		"unreadable":              {"Not readable"},
		"password":                {"Password sign-in needs no authorization", "Active when password encryption is OAuth", "Password"},
		"testing":                 {"The mailbox is being tested", "running", "waiting", "Cancel"},
		"tested-good":             {"The mailbox works (tested at 14:44)", "Next: enter the values in your product.", "Choose product", "works · 412 ms", "TLS 1.3"},
		"tested-other-inbox":      {"The inbox of admin@contoso.com was opened", "Choose product"},
		"tested-then-edited":      {"This result is out of date", "out of date", "outlook.office365.com:993 · TLS", "Copy PowerShell"},
		"tested-one-bad":          {"2 of 3 work", "failed · 320 ms", "Set-CASMailbox", "Copy PowerShell", "Open aka.ms", "Copy"},
		"tested-no-authorization": {"there is nothing to sign in with", "not checked", "For the same reason"},
		"tested-no-network":       {"0 of 3 work", "For the same reason"},
		"tested-wrong-port":       {"Tried to find the cause:", "IMAP answers on a usual port.", "Proof: Port 143 speaks TLS at once.", "Use port 993 with TLS", "Use port 995 with TLS"},
		"watching":                {"Next attempt in 2:00", "Try now", "Tried so far:", "14:44 SMTP: ", "2 of 3 work", "Stop watching"},
		"watch-hopeless":          {"because waiting cannot mend this: "},
		"round-trip":              {"The mailbox works", "Round trip of a message", "Sent from helpdesk@contoso.com to helpdesk@contoso.com in 1.2 s", "Removed from: INBOX, Sent Items"},
		"round-trip-refused":      {"the round trip of a message does not", "The message from helpdesk@contoso.com to helpdesk@contoso.com was not sent", "Nothing was removed", "What to do:"},
		"tested-wrong-name":       {"A similar name exists, and IMAP answers there.", "Did you mean outlook.office365.com?"},
		"host-question":           {"Send the credentials to mail.example.com"},
		"deleted":                 {"“Helpdesk (2)” was deleted.", "Undo"},
		"product":                 {"Enter this in your product", "Application/Client ID", "Microsoft Azure AD (nur Organisationen)"},
		"product-host":            {"Address of the product", "This is no host name"},
		"assistant":               {"Setup assistant", "Preflight", "1 of 5 steps done", "2. Register the application", "Mailgrant contoso.com", "to do"},
		"assistant-preflight":     {"The sign-in service login.microsoftonline.com answers", "IMAP answers: outlook.office365.com:993", "The application is known there"},
		"assistant-preflight-bad": {"No connection: the port is closed or blocked", "The application ID is not known in this tenant"},
		"assistant-one-bad":       {"4. Switch the mailbox's e-mail apps on", "Copy PowerShell"},
		"assistant-done":          {"Finished: Mailgrant has proved every step.", "Suitable: Aagon ACMP can sign in with these values.", "proved: the token has IMAP.AccessAsUser.All", "Enter the values in Aagon ACMP", "outside Mailgrant: up to you", "Show the values"},
		"assistant-finished":      {"Finished: Mailgrant has proved every step.", "Enter the values in your product", "Choose product"},
		"product-no-oauth":        {"but Redmine cannot do OAuth2 here", "Choose a way for Redmine", "Next: Redmine cannot do OAuth2 here", "Show the card"},
		"product-narrow":          {"Not suitable yet for Aagon ACMP: 7 of 8 points are met.", "Aagon ACMP could not sign in yet: The app registration allows only one organization", "Show what is missing", "6. Check suitability for Aagon ACMP", "4 of 6 steps done", "In this practice window there is no portal"},
		"product-lacks":           {"Not granted: POP.AccessAsUser.All", "SMTP sign-in is switched off for this mailbox (tested 23 Nov 2026, 14:44)", "Consent as an administrator"},
		"assistant-application":   {"0 of 8 steps done", "3. Credential of the application"},
		"product-checked":         {"Check suitability for this product", "The redirect URI https://desk.contoso.com/", "The product needs a client secret.", "Granted: IMAP.AccessAsUser.All", "SMTP answers, but the sign-in has not been tested yet"},
		"history":                 {"Failing since 23 Nov 2026, 12:44, after working until 23 Nov 2026, 11:44: ", "Tests: 60, from 21 Nov 2026, 02:44 to 23 Nov 2026, 13:44. High bars: failed."},
		"overview":                {"6 mailboxes", "Test all", "Billing", "billing@contoso.com", "412 ms", "failed", "never", "No authorization", "23 Nov, 11:44"},
		"overview-filtered":       {"0 of 6 mailboxes", "Test those shown", "No mailbox matches."},
		"overview-broken":         {"3 of 6 mailboxes", "Show all", "Test those shown", "failed"},
		"overview-testing":        {"4 of 6 tested", "runs", "Cancel"},
		"takeover":                {"Import mailboxes", "good.csv, one.json", "4 new, 1 replaced, 0 unchanged. Nothing is saved yet.", "Import 5 mailboxes", "orders@contoso.com", "Differs from what is saved in:"},
		"takeover-problems":       {"bad.csv", "6 problems", "Read again", "Row 3, column B", "Row 3, column G", "99300", "The column “Passwort” is not imported", "Import"},
		"takeover-reading":        {"The files are being read"},
		"queue":                   {"Sign in one after another", "Mailboxes without a good authorization: 2. Sign-ins needed: 2", "Start", "Orders", "next", "Close"},
		"queue-waiting":           {"0 of 2 sign-ins done. Next: Sales", "orders@contoso.com", "signs in", "Skip", "Stop", "Copy link"},
		"queue-question":          {"Sign in at login.example.com?", "A question has to be answered", "Sign in there", "Skip"},
		"queue-refused":           {"admin@contoso.com signed in instead", "not signed in", "Try again", "Skip"},
		"queue-applications":      {"Failed for the reason below: 2", "What to do", "application access", "Try again"},
		"practice-overview":       {"Practice tenant", "Faults", "6 mailboxes", "Test all"},
		"practice":                {"Practice tenant", "One fault is switched on", "Faults"},
		"practice-failed":         {"2 of 3 work", "In this practice window, switch the fault off under “Faults” above."},
		"practice-accounts":       {"Nothing here is real", "The accounts and their passwords are at http://127.0.0.1:49152.", "Copy link"},
	}
	for _, scene := range scripted.Scenes {
		t.Run(scene.Name, func(t *testing.T) {
			want, ok := cases[scene.Name]
			if !ok {
				t.Fatal("this state is not described")
			}
			s := open(t, scene.Name, i18n.English, 1280, 800)
			got := look(s.Window.Content())
			for _, words := range want {
				if !got.has(words) {
					t.Errorf("%q is not to be read in %q", words, got.words)
				}
			}
		})
	}
}

func TestWhatATestFoundIsInSight(t *testing.T) {
	s := open(t, "tested-one-bad", i18n.English, 1280, 800)
	for _, l := range look(s.Window.Content()).lines {
		if l.text == "Copy PowerShell" && l.at.y-s.View.Scrolled()+l.at.h > 800 {
			t.Errorf("%q is at %s, scrolled by %.0f", l.text, l.at, s.View.Scrolled())
		}
	}
}

// Where the window is small, what helps when no browser came up is scrolled to.
func TestAProposalIsInSight(t *testing.T) {
	s := open(t, "waiting-next", i18n.German, 683, 400)
	next := s.View.Proposal()
	if top, bottom, in := s.View.InSight(next); !in || !next.Visible() || top < 0 || bottom > s.View.PageHeight()+1 {
		t.Errorf("it is at %.0f–%.0f of %.0f", top, bottom, s.View.PageHeight())
	}
}

// Who wants to paste an answer sees the field and its button.
func TestWhereAnAnswerIsPastedIsInSight(t *testing.T) {
	s := open(t, "waiting", i18n.German, 683, 400)
	tap(t, s, s.Texts.Text("ui.waiting.paste"))
	if top, bottom, in := s.View.InSight(s.View.Pasting()); !in || !s.View.PasteVisible() || top < 0 || bottom > s.View.PageHeight()+1 {
		t.Errorf("it is at %.0f–%.0f of %.0f", top, bottom, s.View.PageHeight())
	}
}

// A watch stays in sight while what stands above it grows and shrinks.
func TestAWatchIsInSight(t *testing.T) {
	s := open(t, "assistant-one-bad", i18n.English, 1280, 800)
	s.Presenter.Watch()
	if err := s.Until(func(st presenter.State) bool { return st.Test.Watch != nil && st.Test.Watch.CanNow }); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, l := range look(s.Window.Content()).lines {
		if l.text != "Try now" && l.text != "Tried so far:" {
			continue
		}
		seen++
		if y := l.at.y - s.View.Scrolled(); y < 0 || y+l.at.h > 800 {
			t.Errorf("%q is at %s, scrolled by %.0f", l.text, l.at, s.View.Scrolled())
		}
	}
	if seen != 2 {
		t.Errorf("%d of 2 lines", seen)
	}
}

// In every state there is exactly one thing to do next, and only it looks so.
func TestOnePrimaryAction(t *testing.T) {
	for _, scene := range scripted.Scenes {
		t.Run(scene.Name, func(t *testing.T) {
			s := open(t, scene.Name, i18n.English, 1280, 800)
			want := 1
			if w := s.State.Auth.Waiting; w != nil && !w.PasteOnly && w.Way != mailbox.SignInLink || s.State.Test.CanCancel || s.State.Overview != nil && !s.State.Overview.CanTest || s.State.Takeover != nil && !s.State.Takeover.CanDo || s.State.Queue != nil && !s.State.Queue.CanStart && s.State.Queue.Finding == nil {
				want = 0 // the browser's turn, unless none appears, or the test's
			}
			if got := primaries(s.Window.Content()); len(got) != want {
				t.Errorf("primary: %q; want %d", got, want)
			}
		})
	}
}

// primaries are the words on the buttons that look like the next thing to do.
func primaries(o fyne.CanvasObject) []string {
	if o == nil || !o.Visible() {
		return nil
	}
	if words, primary := ui.Primary(o); primary {
		return []string{words}
	}
	var inside []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		inside = o.Objects
	case fyne.Widget:
		inside = test.WidgetRenderer(o).Objects()
	}
	var all []string
	for _, child := range inside {
		all = append(all, primaries(child)...)
	}
	return all
}

// worthCopying are texts with an address, a host, an ID or a name of the error
// reference in them. The permissions granted are to be selected in the details.
var worthCopying = regexp.MustCompile(`@|://|[0-9a-f]{8}-|[a-z0-9-]+\.(com|net|de|md|test|example)\b|AADSTS\d`)

// What one would copy can be selected: in labels, and in fields anyway.
func TestWhatOneWouldCopyCanBeSelected(t *testing.T) {
	for _, scene := range scripted.Scenes {
		t.Run(scene.Name, func(t *testing.T) {
			s := open(t, scene.Name, i18n.English, 1280, 800)
			if s.State.Overview != nil || s.State.Takeover != nil || s.State.Queue != nil {
				t.Skip("a click opens the mailbox, and there it can be selected; what is taken over stands in a file")
			}
			labels(s.Window.Content(), func(l *widget.Label) {
				if worthCopying.MatchString(l.Text) && !l.Selectable {
					t.Errorf("cannot be selected: %q", l.Text)
				}
			})
		})
	}
}

// labels visits every label that is shown.
func labels(o fyne.CanvasObject, visit func(*widget.Label)) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *widget.Label:
		visit(o)
	case *fyne.Container:
		for _, child := range o.Objects {
			labels(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			labels(child, visit)
		}
	}
}
