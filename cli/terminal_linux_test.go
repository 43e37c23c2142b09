package cli

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"mailgrant/app/practice"
)

// terminal is a pseudoterminal: what a program that runs on screen writes can be
// read at keyboard, and what is typed there the program reads.
func terminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudoterminals: ", err)
	}
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	// It stays open: a reader that was interrupted still waits for it.
	return keyboard, screen
}

// TestOnATerminal: what is asked and told where somebody sits.
func TestOnATerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	_, file := tenant(t, nil)
	request(t, file, practice.Helpdesk.UPN).want(t, exitGood)
	export := filepath.Join(t.TempDir(), "export.age")
	for name, c := range map[string]struct {
		args   []string
		typed  string
		cancel bool // what Ctrl+C does
		status int
		shown  string
	}{
		"who is to sign in":           {[]string{"request", "--file", file, "--sign-in", "link"}, "", true, exitCancelled, "Sign in as helpdesk@contoso.test"},
		"a short passphrase once":     {[]string{"authorization", "export", "--file", file, export}, "short\n", false, exitUsage, "at least 12 characters"},
		"device code":                 {[]string{"request", "--file", file, "--sign-in", "device-code"}, "", true, exitCancelled, "Sign in as helpdesk@contoso.test"},
		"explain says how to end":     {[]string{"explain"}, "AADSTS50011\n\x04", false, exitGood, "Ctrl+D"},
		"explain can be interrupted":  {[]string{"explain"}, "", true, exitCancelled, "Ctrl+D"},
		"end of input sends nothing":  {[]string{"test", "--file", file, "--round-trip"}, "\x04", false, exitCancelled, "Nothing was sent"},
		"nothing is sent without yes": {[]string{"test", "--file", file, "--round-trip"}, "\n", false, exitCancelled, "Nothing was sent"},
	} {
		t.Run(name, func(t *testing.T) {
			keyboard, screen := terminal(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			defer time.AfterFunc(time.Minute, cancel).Stop() // what is to be shown may never come
			if _, err := io.WriteString(keyboard, c.typed); err != nil {
				t.Fatal(err)
			}
			written := make(chan string)
			go func() {
				var all []byte
				for in := bufio.NewReader(keyboard); ; {
					b, err := in.ReadByte()
					if err != nil || b == 0 {
						break
					}
					if all = append(all, b); c.cancel && bytes.HasSuffix(all, []byte(c.shown)) {
						cancel()
					}
				}
				written <- string(all)
			}()
			status := Run(ctx, Environment{Args: c.args, Stdin: screen, Stdout: screen, Stderr: screen, Locale: "en_GB.UTF-8", Metadata: testMetadata})
			_, _ = screen.WriteString("\x00")
			got := <-written
			if status != c.status || !strings.Contains(got, c.shown) || strings.Contains(got, `\u001B`) {
				t.Errorf("exit status %d, want %d; %q in:\n%s", status, c.status, c.shown, got)
			}
			// Where a code is entered the answer comes to nobody who could paste it.
			if pastes := strings.Contains(got, "paste its text"); pastes != slices.Contains(c.args, "link") {
				t.Errorf("asked to paste: %t\n%s", pastes, got)
			}
		})
	}
}

// A terminal that is closed ends the program in order.
func TestATerminalThatIsClosed(t *testing.T) {
	if file := os.Getenv("MAILGRANT_TEST_PRACTICE"); file != "" {
		os.Exit(Main([]string{"practice", "--write", file}, testMetadata, Desktop{}))
	}
	if signal.Ignored(unix.SIGHUP) {
		t.Skip("nohup: a program that is started from here stays")
	}
	file := filepath.Join(place(t), "practice.json")
	cmd := exec.Command(os.Args[0], "-test.run=^TestATerminalThatIsClosed$")
	cmd.Env = append(os.Environ(), "MAILGRANT_TEST_PRACTICE="+file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() }).Stop()
	for _, err := os.Stat(file); err != nil && len(ended) == 0; _, err = os.Stat(file) {
		time.Sleep(10 * time.Millisecond)
	}
	_ = cmd.Process.Signal(unix.SIGHUP)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("what is useless now stays")
	}
}
