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

// The user's own mailboxes: drafts, the window's size, the panels that are open
// and the last mailbox survive a restart, below the home folder and nowhere else.
func TestWhatIsTypedSurvives(t *testing.T) {
	w := start(t, "--lang", "de")
	w.wait("Welches Postfach möchten Sie autorisieren?")
	w.typeText("helpdesk@contoso.invalid")
	w.key("Return")
	w.wait("Zu contoso.invalid ließ sich nichts ermitteln", "Zu contoso.invalid wurde nichts gefunden", "Vorgeschlagen für contoso.invalid")
	w.typeText("1b4e28ba")
	w.key("Tab")
	w.wait("ist keine Anwendungs-ID")
	w.click("Weitere Einstellungen")
	w.wait("Anmeldeseite")
	w.wait("Vorprüfung") // opened by itself: nothing is registered yet
	first := w.size()
	w.do("windowsize", w.id, "1130", "720")
	w.until("another size", func() bool { return w.size() != first })
	w.still()
	w.shot("draft")
	smaller := w.size()
	w.close()

	again := w.restart("--lang", "de")
	again.wait("helpdesk@contoso.invalid – Entwurf")
	again.wait("1b4e28ba")
	again.wait("Anmeldeseite")
	again.wait("Vorprüfung")
	again.until("the size from before", func() bool { return again.size() == smaller })
	again.click("Neu")
	again.wait("Welches Postfach möchten Sie autorisieren?")
	again.typeText("verkauf@contoso.invalid")
	again.key("Return")
	again.wait("verkauf@contoso.invalid – Entwurf")
	again.close()

	last := w.restart("--lang", "de")
	last.wait("verkauf@contoso.invalid – Entwurf")
	last.key("Escape")
	last.close()
	if _, err := os.Stat(filepath.Join(w.home, "drafts.json")); err != nil {
		t.Error(err)
	}
	last.nothingElsewhere()
}

// A signal ends the program as closing its window does: what is typed is kept, and
// nothing of a practice tenant.
func TestASignalEndsIt(t *testing.T) {
	w := start(t, "--lang", "en")
	if _, wine := w.system.(wine); wine {
		t.Skip("Wine ends the program without a word to it")
	}
	w.wait("Which mailbox do you want to authorize?")
	w.typeText("helpdesk@contoso.invalid")
	w.key("Return")
	w.wait("Nothing could be found out about contoso.invalid", "Nothing was found about contoso.invalid", "Proposed for contoso.invalid")
	w.typeText("1b4e28ba")
	w.interrupt()
	again := w.restart("--lang", "en")
	again.wait("1b4e28ba")
	again.interrupt()
	practice := w.restart("--practice", "--lang", "en")
	practice.wait("Nothing here is real")
	practice.still()
	practice.interrupt()
	if left := w.left(practice); len(left) > 0 {
		t.Errorf("the practice folder stays: %q\n%s", files(left...), practice.said())
	}
}

// Escape ends a sign-in that nobody answers.
func TestCancel(t *testing.T) {
	w := start(t, "--practice", "--lang", "en")
	w.wait("Nothing here is real")
	w.browserIs("nobody")
	w.key("ctrl+r")
	w.wait("Not as the user who is signed in to this computer.")
	w.wait("left")
	w.shot("waiting")
	w.key("Escape")
	w.gone("Not as the user who is signed in to this computer.")
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
	w.shot("link")
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
