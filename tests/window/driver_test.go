//go:build windowtest

package window

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long something on the screen may take. Nothing here is about
// speed.
const patience = 90 * time.Second

// program is the program under test.
func program(t *testing.T) string {
	t.Helper()
	path := os.Getenv("MAILGRANT_WINDOW_PROGRAM")
	if path == "" {
		t.Fatal("MAILGRANT_WINDOW_PROGRAM does not name the program")
	}
	return path
}

// display starts an X server and makes it the test's.
func display(t *testing.T, args ...string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", screenWidth, screenHeight), "-nolisten", "tcp", "-noreset"}, args...)...)
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Killed hard it would leave its lock and socket behind.
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	_ = w.Close()
	number, err := bufio.NewReader(r).ReadString('\n') // comes in pieces
	_ = r.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	t.Setenv("WAYLAND_DISPLAY", "")
}

// desktop adds a window manager: without one, nobody asks a window to close.
func desktop(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	// Without settings it shows a message, above our window or below it.
	settings := filepath.Join(home, "rc.xml")
	if err := os.WriteFile(settings, []byte(`<openbox_config xmlns="http://openbox.org/3.4/rc"/>`), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("openbox", "--config-file", settings)
	cmd.Env = append(os.Environ(), "HOME="+home)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	for limit := time.Now().Add(patience); exec.Command("wmctrl", "-m").Run() != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the window manager does not come up")
		}
	}
}

// run runs the program to its end.
func run(t *testing.T, args ...string) (out string, status int) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command("timeout", append([]string{"120", program(t)}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "MAILGRANT_HOME="+filepath.Join(dir, "home"), "MAILGRANT_KEY_FILE="+filepath.Join(dir, "key"), "LC_ALL=C.UTF-8")
	data, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if exit.ExitCode() == 124 {
			t.Fatalf("%v does not end:\n%s", args, data)
		}
		return string(data), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data), 0
}

// window is the running program.
type window struct {
	*testing.T
	system
	dir, home string
	before    []string // files elsewhere, and practice folders that others left
	cmd       *exec.Cmd
	id        string
	ended     chan error
}

func start(t *testing.T, args ...string) *window {
	t.Helper()
	display(t, strings.Fields(os.Getenv("MAILGRANT_WINDOW_SCREEN"))...)
	desktop(t)
	w := &window{T: t, system: systemOf(t), dir: t.TempDir()}
	w.home = filepath.Join(w.dir, "home")
	w.browserIs("nobody")
	w.start(w)
	w.before = append(w.elsewhere(w), w.practiceFolders()...)
	w.launch(args...)
	return w
}

// restart starts the program again with what the last one left.
func (w *window) restart(args ...string) *window {
	w.Helper()
	again := &window{T: w.T, system: w.system, dir: w.dir, home: w.home, before: w.before}
	again.launch(args...)
	return again
}

func (w *window) launch(args ...string) {
	w.Helper()
	_ = os.Remove(w.trace())
	// A file, because children that live on would keep a pipe open.
	out, err := os.Create(w.words())
	if err != nil {
		w.Fatal(err)
	}
	defer out.Close()
	w.cmd = w.command(w, args...)
	w.cmd.Env = append(w.cmd.Env, "LC_ALL=C.UTF-8", "FYNE_THEME=light", "FYNE_SCALE=1")
	w.cmd.Stdout, w.cmd.Stderr = out, out
	if err := w.cmd.Start(); err != nil {
		w.Fatal(err)
	}
	w.ended = make(chan error, 1)
	go func() { w.ended <- w.cmd.Wait() }()
	w.Cleanup(func() { _ = w.cmd.Process.Kill() })
	w.until("the window", func() bool {
		id, err := exec.Command("xdotool", "search", "--onlyvisible", "--name", "^Mailgrant$").Output()
		w.id = strings.TrimSpace(string(id))
		return err == nil && w.id != ""
	})
	w.keyboard()
	log, err := os.ReadFile(filepath.Join(w.home, "logs", "mailgrant.log"))
	if software := strings.Contains(string(log), "renderer=software"); withoutOpenGL() && !software {
		w.Errorf("not drawn by software (%v):\n%s", err, log)
	}
}

// withoutOpenGL reports whether the windows of this run are on displays without it.
func withoutOpenGL() bool {
	return strings.Contains(os.Getenv("MAILGRANT_WINDOW_SCREEN"), "-extension GLX")
}

func (w *window) account() string { return filepath.Join(w.dir, "who") }
func (w *window) words() string   { return filepath.Join(w.dir, "words.txt") }

// said is what the program wrote, and its logs, for on Windows it has no output.
func (w *window) said() string {
	data, _ := os.ReadFile(w.words())
	logs, _ := filepath.Glob(filepath.Join(w.home, "logs", "*.log"))
	for _, name := range logs {
		log, _ := os.ReadFile(name)
		data = append(append(data, "\n"+filepath.Base(name)+":\n"...), log...)
	}
	return string(data)
}

// practiceFolders are the homes of practice tenants.
func (w *window) practiceFolders() []string {
	all, _ := filepath.Glob(filepath.Join(w.temp(w), "mailgrant-practice-*"))
	return slices.DeleteFunc(all, func(dir string) bool { return slices.Contains(w.before, dir) })
}

func (w *window) trace() string { return filepath.Join(w.dir, "trace.json") }

// sealed are the authorizations that practice tenants have stored.
func (w *window) sealed() (all []string) {
	for _, dir := range w.practiceFolders() {
		found, _ := filepath.Glob(filepath.Join(dir, "authorizations", "*.sealed"))
		all = append(all, found...)
	}
	return all
}

// item is what the trace tells about a widget.
type item struct {
	Kind, Text string
	X, Y, W, H float64
	Page       page
	Active     bool
	Focused    bool
}

// page is the part of a page on which a widget can be seen, and what the wheel
// can bring into sight.
type page struct{ X, Y, W, H, Above, Below float64 }

func (w *window) items() []item {
	data, err := os.ReadFile(w.trace())
	if err != nil {
		return nil
	}
	var all []item
	_ = json.Unmarshal(data, &all) // a later look reads it again
	return all
}

// texts are all that can be read.
func (w *window) texts() (all []string) {
	for _, i := range w.items() {
		all = append(all, i.Text)
	}
	return all
}

func (w *window) find(words string) (item, bool) {
	for _, i := range w.items() {
		if strings.Contains(i.Text, words) {
			return i, true
		}
	}
	return item{}, false
}

func (w *window) count(words string) (n int) {
	for _, i := range w.items() {
		if strings.Contains(i.Text, words) {
			n++
		}
	}
	return n
}

// until waits for something to be so.
func (w *window) until(what string, so func() bool) {
	w.Helper()
	limit := time.Now().Add(patience)
	for !so() {
		select {
		case err := <-w.ended:
			w.Fatalf("the program ended (%v) before %s:\n%s", err, what, w.said())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(limit) {
			w.shot("failed")
			w.Fatalf("no %s; to be seen: %q\n%s", what, w.texts(), w.said())
		}
	}
}

// wait waits for any of these words.
func (w *window) wait(words ...string) {
	w.Helper()
	w.until(fmt.Sprintf("%q", words), func() bool {
		return slices.ContainsFunc(words, func(word string) bool { _, ok := w.find(word); return ok })
	})
}

func (w *window) gone(words string) {
	w.Helper()
	w.until(fmt.Sprintf("end of %q", words), func() bool { _, ok := w.find(words); return !ok })
}

// browserIs says who is signed in in the scripted browser.
func (w *window) browserIs(account string) {
	w.Helper()
	if err := os.WriteFile(w.account(), []byte(account), 0o600); err != nil {
		w.Fatal(err)
	}
}

// browserWas waits until the scripted browser has come up as an account: on a
// slow machine it would else come up as the next one.
func (w *window) browserWas(account string) {
	w.Helper()
	w.until("the browser came up", func() bool {
		data, err := os.ReadFile(w.account() + ".read")
		return err == nil && string(data) == account
	})
}

// visit opens an address in the scripted browser, as somebody does who got it
// from the window.
func (w *window) visit(address string) {
	w.Helper()
	cmd := exec.Command(os.Getenv("MAILGRANT_WINDOW_BROWSER"), address)
	cmd.Env = append(os.Environ(), "MAILGRANT_WINDOW_ACCOUNT="+w.account())
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("browser: %v %s", err, out)
	}
}

// clipboard is the text there, as soon as somebody has put one there.
func (w *window) clipboard() (text string) {
	w.Helper()
	w.until("a text in the clipboard", func() bool {
		out, err := exec.Command("timeout", "10", "xclip", "-selection", "clipboard", "-o").Output()
		text = string(out)
		return err == nil
	})
	return text
}

// size is the window's, in pixels.
func (w *window) size() string {
	w.Helper()
	out, err := exec.Command("xdotool", "getwindowgeometry", w.id).Output()
	if err != nil {
		w.Fatal("xdotool:", err)
	}
	_, size, _ := strings.Cut(string(out), "Geometry: ")
	return strings.TrimSpace(size)
}

// close closes the window as its close button does and waits for the end.
func (w *window) close() {
	w.Helper()
	if out, err := exec.Command("wmctrl", "-i", "-c", w.id).CombinedOutput(); err != nil {
		w.Fatalf("wmctrl: %v %s", err, out)
	}
	for limit := time.After(patience); ; {
		select {
		case err := <-w.ended:
			if err != nil {
				w.Errorf("the program ended with %v:\n%s", err, w.said())
			}
			return
		case <-time.After(10 * time.Second): // on a busy machine Wine may lose the message
			_ = exec.Command("wmctrl", "-i", "-c", w.id).Run() // fails if the window is gone
		case <-limit:
			w.shot("failed")
			w.Fatalf("the program does not end:\n%s", w.said())
		}
	}
}

// interrupt ends the program as Ctrl+C does in the terminal it was started from.
func (w *window) interrupt() {
	w.Helper()
	if err := w.cmd.Process.Signal(os.Interrupt); err != nil {
		w.Fatal(err)
	}
	select {
	case err := <-w.ended:
		if said := w.said(); err != nil || strings.Contains(said, "Fyne error") {
			w.Errorf("the program ended with %v:\n%s", err, said)
		}
	case <-time.After(patience):
		w.Fatalf("the program does not end:\n%s", w.said())
	}
}

// nothingElsewhere tells whether something was kept beside our folder.
func (w *window) nothingElsewhere() {
	w.Helper()
	for _, file := range w.elsewhere(w) {
		if !slices.Contains(w.before, file) {
			w.Errorf("written elsewhere: %s", file)
		}
	}
}
