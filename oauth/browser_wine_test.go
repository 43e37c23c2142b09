//go:build windows && wine

package oauth

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
	"time"

	reg "golang.org/x/sys/windows/registry"

	"mailgrant/internal/mailbox"
)

// A copy of this test under a browser's name is that browser: it notes its
// arguments, one a line, and ends.
func init() {
	self, err := os.Executable()
	if err != nil || kindOfProgram(self) == "" && filepath.Base(self) != "standard.exe" {
		return
	}
	// Renamed when complete, so that nobody reads half of it.
	if os.WriteFile(self+".part", []byte(strings.Join(os.Args[1:], "\n")+"\n"), 0o600) != nil || os.Rename(self+".part", self+".args") != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// everyCharacter has all that an address may hold: reserved, unreserved and
// escaped characters (RFC 3986, section 2), and what Windows' shell treats
// specially.
const everyCharacter = "http://localhost:5/start/a-b._~%20%22%25x?a=1&b=2;c=$d!e*(f)'g',h+i@j:k/l?m=[n]%PATH%^|#o&p"

// browsers is a folder with blanks and umlauts for fake browsers.
func browsers(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "Große Browser *")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func install(t *testing.T, dir, exe string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	program := filepath.Join(dir, exe)
	to, err := os.OpenFile(program, os.O_CREATE|os.O_WRONLY, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return program
}

// set writes a value of the user's registry until the end of the test.
func set(t *testing.T, key, value string, data any) {
	t.Helper()
	setIn(t, reg.CURRENT_USER, key, value, data)
}

// setClass writes a command for a kind of address. Wine's HKEY_CLASSES_ROOT
// does not show what is in the user's own part.
func setClass(t *testing.T, class, command string) {
	t.Helper()
	setIn(t, reg.CLASSES_ROOT, class+`\shell\open\command`, "", command)
}

func setIn(t *testing.T, root reg.Key, key, value string, data any) {
	t.Helper()
	k, existed, err := reg.CreateKey(root, key, reg.SET_VALUE|reg.QUERY_VALUE)
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	before, _, _ := k.GetStringValue(value)
	switch data := data.(type) {
	case string:
		err = k.SetStringValue(value, data)
	case int:
		err = k.SetDWordValue(value, uint32(data))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if existed && before != "" {
			setAgain(t, root, key, value, before)
		} else if err := reg.DeleteKey(root, key); err != nil {
			t.Error(err)
		}
	})
}

func setAgain(t *testing.T, root reg.Key, key, value, data string) {
	k, err := reg.OpenKey(root, key, reg.SET_VALUE)
	if err == nil {
		defer k.Close()
		err = k.SetStringValue(value, data)
	}
	if err != nil {
		t.Error(err)
	}
}

const appPaths = `SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\`

// started waits for a fake browser's note.
func started(t *testing.T, program string) string {
	t.Helper()
	for range 1200 {
		if note, err := os.ReadFile(program + ".args"); err == nil {
			if err := os.Remove(program + ".args"); err != nil {
				t.Fatal(err)
			}
			return string(note)
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s did not start", program)
	return ""
}

func openPrivate(t *testing.T, address string) (string, error) {
	t.Helper()
	var words bytes.Buffer
	o := systemOpener{log: slog.New(slog.NewTextHandler(&words, &slog.HandlerOptions{Level: slog.LevelDebug})), facts: readBrowsers}
	name, err := o.Open(context.Background(), mailbox.SignInPrivateWindow, address)
	if words.Len() > 0 {
		t.Log(words.String())
	}
	return name, err
}

func TestWineNoBrowser(t *testing.T) {
	if name, err := openPrivate(t, everyCharacter); !errors.Is(err, errNoPrivate) {
		t.Errorf("%q, %v", name, err)
	}
}

func TestWineLadder(t *testing.T) {
	dir := browsers(t)
	edge, chrome, firefox := install(t, dir, "msedge.exe"), install(t, dir, "chrome.exe"), install(t, dir, "firefox.exe")
	set(t, appPaths+"msedge.exe", "", edge)
	set(t, appPaths+"chrome.exe", "", `"`+chrome+`"`)
	set(t, appPaths+"firefox.exe", "", firefox)
	wants := func(name, program, arguments string) {
		t.Helper()
		got, err := openPrivate(t, everyCharacter)
		if err != nil || got != name {
			t.Fatalf("%q, %v; want %s", got, err, name)
		}
		if note := started(t, program); note != arguments+everyCharacter+"\n" {
			t.Errorf("%s got %q", name, note)
		}
	}
	wants("Microsoft Edge", edge, "--inprivate\n--new-window\n")

	// The default browser is asked first.
	set(t, choices+"UserChoice", "ProgId", "FakeFirefoxURL")
	setClass(t, "FakeFirefoxURL", `"`+firefox+`" -osint -url "%1"`)
	wants("Firefox", firefox, "-private-window\n")

	// A policy forbids its private windows: the next one.
	set(t, `SOFTWARE\Policies\Mozilla\Firefox`, "DisablePrivateBrowsing", 1)
	wants("Microsoft Edge", edge, "--inprivate\n--new-window\n")
	set(t, `SOFTWARE\Policies\Microsoft\Edge`, "InPrivateModeAvailability", 1)
	wants("Google Chrome", chrome, "--incognito\n--new-window\n")

	// What does not start leads on as well.
	if err := os.Remove(chrome); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(chrome, []byte("no program"), 0o700); err != nil {
		t.Fatal(err)
	}
	if name, err := openPrivate(t, everyCharacter); err == nil {
		t.Errorf("%q was started, which is no program", name)
	}
	set(t, appPaths+"brave.exe", "", install(t, dir, "brave.exe"))
	wants("Brave", filepath.Join(dir, "brave.exe"), "--incognito\n--new-window\n")
}

// The normal window: the program that Windows has for such addresses.
func TestWineStandardBrowser(t *testing.T) {
	standard := install(t, browsers(t), "standard.exe")
	setClass(t, "http", `"`+standard+`" "%1"`)
	if _, err := (systemOpener{slog.New(slog.DiscardHandler), readBrowsers}).Open(context.Background(), mailbox.SignInDefaultBrowser, everyCharacter); err != nil {
		t.Fatal(err)
	}
	if note := started(t, standard); note != everyCharacter+"\n" {
		t.Errorf("%q", note)
	}
}
