//go:build windowtest

// Package window drives the real program on a display of its own: keys and
// clicks go in by xdotool, what is to be seen comes out as a trace that the
// program writes when it is built with the tag windowtrace.
package window

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// iconMore is the button of the menu that has no words.
const iconMore = "foreground_mailgrant-more.svg"

// From the first run to three green, with everything that can go wrong on the
// way.
func TestFromTheSenderToThreeGreen(t *testing.T) {
	w := start(t, "--practice", "--lang", "en")
	w.wait("Nothing here is real")

	// Without the practice tenant's own mailbox it is as at the first run. Delete
	// is the third line of the menu.
	w.click(iconMore)
	for _, key := range []string{"Down", "Down", "Down", "Return"} {
		w.key(key)
	}
	w.wait("Which mailbox do you want to authorize?")

	// The sender is typed, the rest is proposed.
	w.shows("the sender", func() { w.typeText("helpdesk@contoso.test") })
	w.key("Return")
	w.wait("Proposed for contoso.test. Check the values.")
	w.shot("1-new")

	// The browser is signed in as the administrator: refused, nothing stored.
	w.browserIs("admin@contoso.test")
	w.click("Request new authorization token")
	w.wait("Nothing was stored")
	w.wait("No authorization yet")
	w.shot("2-refused")
	if stored := w.sealed(); len(stored) != 0 {
		t.Errorf("stored all the same: %v", stored)
	}

	// Again in a private window, as the mailbox itself.
	w.browserIs("helpdesk@contoso.test")
	w.click("Try again in a private window")
	w.wait("Valid for helpdesk@contoso.test")
	w.wait("IMAP.AccessAsUser.All granted")
	if stored := w.sealed(); len(stored) != 1 {
		t.Errorf("stored: %v", stored)
	}
	w.shot("3-valid")

	w.key("F5")
	w.wait("The mailbox works")
	if n := w.count("works · "); n != 3 {
		t.Errorf("%d of 3 protocols work", n)
	}
	w.shot("4-green")

	// A fault is switched on and explained, and off again.
	w.click("Faults")
	w.click("Authenticated SMTP is switched off for the mailbox.")
	w.wait("One fault is switched on")
	w.click("Test mailbox")
	w.wait("2 of 3 work")
	w.wait("Set-CASMailbox")
	w.shot("5-fault")
	w.click("Copy PowerShell")
	w.wait("Copied.")
	if got := w.clipboard(); !strings.HasPrefix(got, "Set-CASMailbox -Identity 'helpdesk@contoso.test'") {
		t.Errorf("clipboard %q", got)
	}
	w.click("Authenticated SMTP is switched off for the mailbox.")
	w.wait("Switch faults on")
	w.key("F5")
	w.wait("The mailbox works")
	w.shot("6-green-again")

	w.close()
	if left := w.left(w); len(left) != 0 {
		t.Errorf("the practice folder stays: %q\n%s", files(left...), w.said())
	}
	w.nothingElsewhere()
}

// The user's own mailboxes: drafts, window size and the last mailbox survive a
// restart, below the home folder and nowhere else.
func TestWhatIsTypedSurvives(t *testing.T) {
	w := start(t, "--lang", "de")
	w.wait("Welches Postfach möchten Sie autorisieren?")
	w.typeText("helpdesk@contoso.invalid")
	w.key("Return")
	w.waitAny("Zu contoso.invalid wurde nichts gefunden", "Vorgeschlagen für contoso.invalid")
	w.typeText("1b4e28ba")
	w.key("Tab")
	w.wait("ist keine Anwendungs-ID")
	w.shot("7-draft")
	w.close()

	again := w.restart("--lang", "de")
	again.wait("helpdesk@contoso.invalid – Entwurf")
	again.wait("1b4e28ba")
	again.key("Escape")
	again.close()
	if _, err := os.Stat(filepath.Join(w.home, "drafts.json")); err != nil {
		t.Error(err)
	}
	again.nothingElsewhere()
}

// Escape ends a sign-in that nobody answers.
func TestCancel(t *testing.T) {
	w := start(t, "--practice", "--lang", "en")
	w.wait("Nothing here is real")
	w.browserIs("nobody")
	w.key("ctrl+r")
	w.wait("Not as your Windows user.")
	w.wait("left")
	w.shot("8-waiting")
	w.key("Escape")
	w.gone("Not as your Windows user.")
	w.wait("No authorization yet")
	w.close()
}

// Where no browser starts, in a private window or otherwise, the link is shown, and it works.
func TestNoBrowser(t *testing.T) {
	w := start(t, "--practice", "--lang", "en")
	w.wait("Nothing here is real")
	w.browserIs("broken")
	w.key("ctrl+r")
	w.wait("No browser came up. Copy the link into a private window of any browser on this computer.")
	w.shot("9-link")
	w.click("Copy link")
	link := w.clipboard()
	if !strings.HasPrefix(link, "http://localhost:") || !strings.Contains(link, "/start/") {
		t.Fatalf("clipboard %q", link)
	}
	w.browserIs("helpdesk@contoso.test")
	w.visit(link)
	w.wait("Valid for helpdesk@contoso.test")
	w.close()
}

// Without OpenGL the program says so and ends.
func TestWithoutOpenGL(t *testing.T) {
	display(t, "-extension", "GLX")
	for _, args := range [][]string{nil, {"--practice"}} {
		out, status := run(t, args...)
		if status == 0 || !strings.Contains(out, "OpenGL") {
			t.Errorf("%v: status %d:\n%s", args, status, out)
		}
	}
}

// Without a display it says so; in practice it does the job in the terminal.
func TestWithoutADisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	if out, status := run(t); status == 0 || !strings.Contains(out, "DISPLAY") {
		t.Errorf("status %d:\n%s", status, out)
	}
	if out, status := run(t, "--practice"); status != 0 || !strings.Contains(out, "helpdesk@contoso.test") {
		t.Errorf("--practice: status %d:\n%s", status, out)
	}
}
