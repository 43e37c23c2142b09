//go:build windowtest

package window

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long something on the screen may take. Nothing here is about
// speed.
const patience = 40 * time.Second

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
	cmd := exec.Command("Xvfb", append([]string{"-displayfd", "3", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"}, args...)...)
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
	cmd := exec.Command("openbox", "--config-file", "/dev/null")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
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
	cmd := exec.Command("timeout", append([]string{"30", program(t)}, args...)...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "MAILGRANT_HOME="+filepath.Join(dir, "home"), "MAILGRANT_KEY_FILE="+filepath.Join(dir, "key"), "LC_ALL=C.UTF-8")
	data, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
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
	dir, home, tmp string
	cmd            *exec.Cmd
	out            bytes.Buffer
	id             string
	ended          chan error
}

// browsers are all that the program may find on PATH, and what it asks for the
// default one: none of this machine's own is to be started.
var browsers = []string{
	"firefox", "firefox-esr", "microsoft-edge", "microsoft-edge-stable", "google-chrome", "google-chrome-stable", "brave-browser", "brave",
	"vivaldi", "vivaldi-stable", "opera", "chromium", "chromium-browser", "xdg-open", "x-www-browser", "www-browser",
}

// browser is the scripted browser: it fetches the page it is given and answers
// as the account in the file "who".
const browser = `#!/bin/sh
for address; do :; done
who=$(cat "%s")
[ "$who" = nobody ] && exit 0
next=$(curl -s -o /dev/null -w '%%{redirect_url}' "$address")
exec curl -s -L -o /dev/null "$next&practice_user=$who"
`

func start(t *testing.T, args ...string) *window {
	t.Helper()
	display(t)
	desktop(t)
	w := &window{T: t, dir: t.TempDir()}
	w.home, w.tmp = filepath.Join(w.dir, "home"), filepath.Join(w.dir, "tmp")
	for _, dir := range []string{w.tmp, filepath.Join(w.dir, "bin"), filepath.Join(w.dir, "run")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.browserIs("nobody")
	script := fmt.Sprintf(browser, filepath.Join(w.dir, "who"))
	for _, name := range browsers {
		if err := os.WriteFile(filepath.Join(w.dir, "bin", name), []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(w.dir, "bin", "xdg-settings"), []byte("#!/bin/sh\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.launch(args...)
	return w
}

// restart starts the program again with what the last one left.
func (w *window) restart(args ...string) *window {
	w.Helper()
	again := &window{T: w.T, dir: w.dir, home: w.home, tmp: w.tmp}
	again.launch(args...)
	return again
}

func (w *window) launch(args ...string) {
	w.Helper()
	_ = os.Remove(w.trace())
	w.cmd = exec.Command(program(w.T), args...)
	w.cmd.Env = append(os.Environ(),
		"HOME="+w.dir, "TMPDIR="+w.tmp, "XDG_RUNTIME_DIR="+filepath.Join(w.dir, "run"), "PATH="+filepath.Join(w.dir, "bin")+":"+os.Getenv("PATH"),
		"MAILGRANT_HOME="+w.home, "MAILGRANT_KEY_FILE="+filepath.Join(w.dir, "key"), "MAILGRANT_WINDOW_TRACE="+w.trace(),
		"LC_ALL=C.UTF-8", "FYNE_THEME=light", "FYNE_SCALE=1")
	w.cmd.Stdout, w.cmd.Stderr = &w.out, &w.out
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
	w.do("windowactivate", "--sync", w.id)
}

func (w *window) trace() string { return filepath.Join(w.dir, "trace.json") }

// item is what the trace tells about a widget.
type item struct {
	Kind, Text string
	X, Y, W, H float64
	Active     bool
	Focused    bool
}

func (w *window) items() []item {
	data, err := os.ReadFile(w.trace())
	if err != nil {
		return nil
	}
	var all []item
	_ = json.Unmarshal(data, &all) // a later look reads it again
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
			w.Fatalf("the program ended (%v) before %s:\n%s", err, what, w.out.String())
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(limit) {
			w.shot("failed")
			w.Fatalf("no %s; to be seen: %+v\n%s", what, w.items(), w.out.String())
		}
	}
}

func (w *window) wait(words string) {
	w.Helper()
	w.until(fmt.Sprintf("%q", words), func() bool { _, ok := w.find(words); return ok })
}

func (w *window) waitAny(words ...string) {
	w.Helper()
	w.until(fmt.Sprintf("%q", words), func() bool {
		for _, word := range words {
			if _, ok := w.find(word); ok {
				return true
			}
		}
		return false
	})
}

func (w *window) gone(words string) {
	w.Helper()
	w.until(fmt.Sprintf("end of %q", words), func() bool { _, ok := w.find(words); return !ok })
}

func (w *window) do(args ...string) {
	w.Helper()
	if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
		w.Fatalf("xdotool %v: %v %s", args, err, out)
	}
	time.Sleep(120 * time.Millisecond) // what the toolkit needs between two inputs
}

func (w *window) key(name string) { w.Helper(); w.do("key", name) }

func (w *window) typeText(text string) {
	w.Helper()
	w.do("type", "--delay", "20", text)
}

// click clicks on the middle of a widget, once it is there and active.
func (w *window) click(words string) {
	w.Helper()
	var at item
	w.until(fmt.Sprintf("something to click: %q", words), func() bool {
		for _, i := range w.items() {
			if (i.Kind == "button" || i.Kind == "check") && i.Text == words && i.Active {
				at = i
				return true
			}
		}
		return false
	})
	x := at.X + at.W/2
	if at.Kind == "check" {
		x = at.X + 12
	}
	w.do("mousemove", "--window", w.id, fmt.Sprint(int(x)), fmt.Sprint(int(at.Y+at.H/2)))
	w.do("click", "1")
}

// browserIs says who is signed in in the scripted browser.
func (w *window) browserIs(account string) {
	w.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, "who"), []byte(account), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *window) clipboard() string {
	w.Helper()
	out, err := exec.Command("timeout", "10", "xclip", "-selection", "clipboard", "-o").Output()
	if err != nil {
		w.Error("clipboard:", err)
	}
	return string(out)
}

// shot keeps a picture for people.
func (w *window) shot(name string) {
	dir := os.Getenv("MAILGRANT_WINDOW_SHOTS")
	if dir == "" {
		return
	}
	time.Sleep(300 * time.Millisecond) // until it is painted
	_ = os.MkdirAll(dir, 0o755)
	if out, err := exec.Command("import", "-window", "root", filepath.Join(dir, name+".png")).CombinedOutput(); err != nil {
		w.Logf("no picture: %v %s", err, out)
	}
}

// close closes the window as its close button does and waits for the end.
func (w *window) close() {
	w.Helper()
	if out, err := exec.Command("wmctrl", "-i", "-c", w.id).CombinedOutput(); err != nil {
		w.Fatalf("wmctrl: %v %s", err, out)
	}
	select {
	case err := <-w.ended:
		if err != nil {
			w.Errorf("the program ended with %v:\n%s", err, w.out.String())
		}
	case <-time.After(patience):
		w.Fatalf("the program does not end:\n%s", w.out.String())
	}
}

// nothingElsewhere tells whether the toolkit kept something beside our folder.
func (w *window) nothingElsewhere() {
	w.Helper()
	for _, dir := range []string{".cache", ".config", ".local"} {
		_ = filepath.WalkDir(filepath.Join(w.dir, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && !strings.Contains(path, "mesa") {
				w.Errorf("written elsewhere: %s", path)
			}
			return nil
		})
	}
}
