package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/native"
	"mailgrant/internal/native/renderer"
)

// screen is a machine with a given renderer.
type screen struct {
	language             i18n.Language // that was chosen in the window
	chosen, afterFailure renderer.Outcome
	words                string
}

func (s *screen) Choose(context.Context, func()) renderer.Outcome { return s.chosen }

func (s *screen) AfterFailure(words string, _ func()) renderer.Outcome {
	s.words = words
	return s.afterFailure
}

// opened is what a window was started with.
type opened struct {
	windows []Window
	message string
}

// runWindow runs the program with a window; show stands for the window.
func runWindow(t *testing.T, s *screen, show func(Window) int, args ...string) (outcome, *opened) {
	t.Helper()
	t.Setenv("MAILGRANT_HOME", t.TempDir())
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(t.TempDir(), "key"))
	var o opened
	var out, err bytes.Buffer
	status := Run(t.Context(), Environment{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &err, Locale: "en", Metadata: testMetadata,
		Desktop: Desktop{
			OpenWindow: func(w Window) int {
				o.windows = append(o.windows, w)
				return show(w)
			},
			Renderers: func(string, []string, *slog.Logger) Renderers { return s },
			Language:  func(string) i18n.Language { return s.language },
		},
		Message: func(title, text string) { o.message += title + "\n" + text + "\n" },
	})
	return outcome{status, out.String(), err.String()}, &o
}

func TestWindowKnowsItsRenderer(t *testing.T) {
	for _, args := range [][]string{nil, {"--practice"}} {
		result, o := runWindow(t, &screen{chosen: renderer.Outcome{Renderer: "Card, OpenGL 4.6"}}, func(Window) int { return 7 }, args...)
		result.want(t, 7)
		if len(o.windows) != 1 || o.windows[0].Renderer != "Card, OpenGL 4.6" || o.windows[0].App.Version != "1.2.3" || o.windows[0].Texts == nil {
			t.Fatalf("%+v", o.windows)
		}
		if inPractice := o.windows[0].Practice != nil; inPractice != (len(args) > 0) {
			t.Errorf("%q: practice %v", args, inPractice)
		}
	}
}

// TestLanguageOfTheWindow: what --lang asks for, else what was chosen in the
// window, else the system's.
func TestLanguageOfTheWindow(t *testing.T) {
	for _, c := range []struct {
		args   []string
		chosen i18n.Language
		want   i18n.Language
	}{
		{nil, "", i18n.English},
		{nil, i18n.German, i18n.German},
		{[]string{"--practice"}, i18n.German, i18n.German},
		{[]string{"--lang", "de"}, "", i18n.German},
		{[]string{"--lang=en"}, i18n.German, i18n.English},
	} {
		_, o := runWindow(t, &screen{chosen: renderer.Outcome{Renderer: "Card"}, language: c.chosen}, func(Window) int { return 0 }, c.args...)
		if len(o.windows) != 1 || o.windows[0].Texts.Language() != c.want || o.windows[0].Language != strings.Contains(strings.Join(c.args, " "), "lang") {
			t.Errorf("%q, chosen %q: %+v, want %s", c.args, c.chosen, o.windows, c.want)
		}
	}
}

// Another process was the window: its status is ours, and nothing is said.
func TestWindowElsewhere(t *testing.T) {
	for _, args := range [][]string{nil, {"--practice"}} {
		result, o := runWindow(t, &screen{chosen: renderer.Outcome{Done: true, Status: 5}}, func(Window) int { return 0 }, args...)
		result.want(t, 5)
		if len(o.windows) > 0 || o.message != "" {
			t.Errorf("%+v", o)
		}
	}
}

func TestNoWindowSaysWhyAndWhatInstead(t *testing.T) {
	out := renderer.Outcome{Reason: renderer.TooOld, NoCopy: true, Detail: "GDI Generic, OpenGL 1.1"}
	for command, args := range map[string][]string{"mailgrant-cli --help": nil, "mailgrant-cli --practice": {"--practice"}} {
		result, o := runWindow(t, &screen{chosen: out}, func(Window) int { return 0 }, args...)
		result.want(t, exitProblem)
		for _, part := range []string{"cannot open its window", "OpenGL 2.1", "GDI Generic, OpenGL 1.1", "software renderer", command} {
			if !strings.Contains(o.message, part) {
				t.Errorf("no %q in %q", part, o.message)
			}
		}
	}
}

func TestEveryReasonHasAText(t *testing.T) {
	for _, reason := range []renderer.Reason{renderer.NoDisplay, renderer.NoOpenGL, renderer.TooOld, renderer.NoAnswer, renderer.Failed} {
		_, o := runWindow(t, &screen{chosen: renderer.Outcome{Reason: reason}}, func(Window) int { return 0 })
		if o.message == "" || strings.Contains(o.message, "⟨") {
			t.Errorf("%s: %q", reason, o.message)
		}
	}
}

func TestPracticeWithoutDisplayRunsInTheTerminal(t *testing.T) {
	result, o := runWindow(t, &screen{chosen: renderer.Outcome{Reason: renderer.NoDisplay}}, func(Window) int { return 0 }, "--practice")
	result.want(t, exitGood)
	if o.message != "" || !strings.Contains(result.stderr, "no display") || !strings.Contains(result.stdout, "helpdesk@contoso.test") {
		t.Errorf("%+v, %q", result, o.message)
	}
}

// The practice mailbox has its name in the user's language, wherever it is
// shown; its end tells of the product, and of no mailbox that is gone then.
func TestPracticeSpeaksTheLanguage(t *testing.T) {
	out := run(t, "--practice", "--lang", "de").want(t, exitGood).stdout
	for want, there := range map[string]bool{"\nÜbung  helpdesk@contoso.test\n": true, "Als Nächstes: die Werte in Ihrem Produkt eintragen.": true, "Practice": false, "--mailbox": false} {
		if strings.Contains(out, want) != there {
			t.Errorf("%q: %v in\n%s", want, !there, out)
		}
	}
}

func TestFailedWindow(t *testing.T) {
	s := &screen{chosen: renderer.Outcome{Renderer: "x"}, afterFailure: renderer.Outcome{Done: true, Status: 3}}
	result, o := runWindow(t, s, func(w Window) int { return w.Failed("WGL: no") })
	result.want(t, 3)
	if s.words != "WGL: no" || o.message != "" {
		t.Errorf("%q, %q", s.words, o.message)
	}
	s.afterFailure = renderer.Outcome{Reason: renderer.Failed, Detail: "WGL: no"}
	result, o = runWindow(t, s, func(w Window) int { return w.Failed("WGL: no") })
	result.want(t, exitProblem)
	if !strings.Contains(o.message, "WGL: no") {
		t.Errorf("%q", o.message)
	}
}

func TestBrokenWindow(t *testing.T) {
	s := &screen{chosen: renderer.Outcome{Renderer: "x"}}
	result, o := runWindow(t, s, func(w Window) int { return w.Broken(errors.New("no home")) })
	result.want(t, exitProblem)
	if !strings.Contains(o.message, "no home") {
		t.Errorf("%q", o.message)
	}
}

func TestGivesCommand(t *testing.T) {
	for args, want := range map[string]bool{
		"": false, "--practice": false, "--lang de": false, "--lang=de --practice": false, "--nonsense": false,
		"version": true, "--lang de test": true, "--help": true, "-h": true, "--practice status": true,
	} {
		if got := givesCommand(strings.Fields(args)); got != want {
			t.Errorf("%q: %v", args, got)
		}
	}
}

func TestDesktopSpeaks(t *testing.T) {
	t.Setenv("MAILGRANT_HOME", t.TempDir())
	desktop := func(hasTerminal bool, args ...string) (status int, terminal, box string) {
		var out bytes.Buffer
		env := Environment{Args: args, Stdout: io.Discard, Locale: "de_DE", Metadata: testMetadata}
		env.OpenWindow = func(Window) int { return 0 }
		env.Renderers = func(string, []string, *slog.Logger) Renderers {
			return &screen{chosen: renderer.Outcome{Reason: renderer.NoOpenGL}}
		}
		status = runOnDesktop(t.Context(), env, func() (io.Writer, bool) { return &out, hasTerminal }, func(title, text string) { box += title + text })
		return status, out.String(), box
	}
	for _, args := range [][]string{{"test", "Helpdesk"}, {"--help"}} {
		if status, terminal, box := desktop(true, args...); status != exitUsage || !strings.Contains(terminal, "mailgrant-cli "+args[0]) || box != "" {
			t.Errorf("%q in a terminal: %d %q %q", args, status, terminal, box)
		}
		if status, terminal, box := desktop(false, args...); status != exitUsage || !strings.Contains(box, "mailgrant-cli "+args[0]) || terminal != "" {
			t.Errorf("%q without: %d %q %q", args, status, terminal, box)
		}
	}
	// Wrong use.
	if status, _, box := desktop(false, "--nonsense"); status != exitUsage || !strings.Contains(box, "--nonsense") {
		t.Errorf("%d %q", status, box)
	}
	// No window: in the box always, because whoever started it expects a window.
	if status, terminal, box := desktop(true); status != exitProblem || !strings.Contains(terminal, "OpenGL") || strings.Count(box, "OpenGL") != 1 {
		t.Errorf("%d %q %q", status, terminal, box)
	}
	if status, _, box := desktop(false); status != exitProblem || strings.Count(box, "OpenGL") != 1 {
		t.Errorf("%d %q", status, box)
	}
}

func TestScheduledRenewalReportsFailure(t *testing.T) {
	t.Setenv("MAILGRANT_HOME", t.TempDir())
	home := filepath.Join(t.TempDir(), "elsewhere")
	unwatched := func(reportError error, args ...string) (status int, report, stderr string) {
		var out, words bytes.Buffer
		env := Environment{Args: args, Home: home, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &words, Locale: "en", Metadata: testMetadata}
		env.Event = func(kind native.Event, text string) error {
			if kind != native.EventFailed {
				t.Errorf("event %d", kind)
			}
			report += text
			return reportError
		}
		status = runUnwatched(t.Context(), env)
		return status, report, words.String()
	}
	args := []string{"refresh", "--all"}
	status, report, stderr := unwatched(nil, args...)
	if status != exitUsage || !strings.Contains(report, "No mailbox is saved") || !strings.Contains(stderr, "No mailbox is saved") {
		t.Errorf("%d %q %q", status, report, stderr)
	}
	if _, _, stderr := unwatched(errors.New("denied"), args...); !strings.Contains(stderr, "denied") {
		t.Errorf("%q", stderr)
	}
	broken := filepath.Join(home, "mailboxes", "broken.json")
	if err := errors.Join(os.MkdirAll(filepath.Dir(broken), 0o700), os.WriteFile(broken, []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, report, _ := unwatched(nil, args...); !strings.Contains(report, "broken: ") {
		t.Errorf("it worked in another folder: %q", report)
	}
	// What the watchman finds is no failure of its own, that it cannot look is one.
	for format, want := range map[string]int{"text": exitProblem, "nagios": 3} {
		if status, report, _ := unwatched(nil, "monitor", "--all", "--format", format); status != want || report != "" {
			t.Errorf("%s: %d %q", format, status, report)
		}
	}
	if err := errors.Join(os.RemoveAll(filepath.Dir(broken)), os.WriteFile(filepath.Dir(broken), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for format, want := range map[string]int{"text": exitProblem, "nagios": 3} {
		if status, report, _ := unwatched(nil, "monitor", "--all", "--format", format); status != want || !strings.Contains(report, "mailboxes") {
			t.Errorf("%s: %d %q", format, status, report)
		}
	}
	if status, report, _ := unwatched(nil, "version"); status != exitGood || report != "" {
		t.Errorf("%d %q", status, report)
	}
}
