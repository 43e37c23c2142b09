package ui

import (
	"bytes"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"
)

// logged logs words as the toolkit does, and returns what came of it.
func logged(words string) (kept string, err error) {
	defer RecoverDriver(&err)
	var out bytes.Buffer
	defer func() { kept = out.String() }()
	log.New(DriverLog{Log: slog.New(slog.NewTextHandler(&out, nil)), NoShader: WithoutShaders}, "", 0).Println(words)
	return "", nil
}

func TestDriverFailuresEndTheRun(t *testing.T) {
	for words, want := range map[string]string{
		"Fyne error:  window creation error\n  Cause: APIUnavailable: WGL: The driver does not appear to support OpenGL": "APIUnavailable: WGL: The driver does not appear to support OpenGL",
		"Fyne error:  failed to initialise GLFW\n  Cause: X11: Failed to open display":                                   "X11: Failed to open display",
		"PlatformError: WGL: Failed to set pixel format for dummy context: Invalid window handle.":                       "Invalid window handle.",
		"PlatformError: WGL: Failed to make dummy context current: ":                                                     "dummy context",
		"PlatformError: WGL: Failed to set selected pixel format: ":                                                      "selected pixel format",
		"PlatformError: GLX: Failed to create window":                                                                    "GLX",
		"PlatformError: EGL: Failed to create context: ":                                                                 "EGL",
	} {
		if _, err := logged(words); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", words, err)
		}
	}
}

// What happens to a window that is open does not end it.
func TestOtherWordsAreLogged(t *testing.T) {
	for _, words := range []string{
		"PlatformError: WGL: Failed to make context current: ", "PlatformError: Win32: Failed to open clipboard",
		"Fyne error:  Failed to create fyne cache space", "Fyne error:  Failed to compile shader somebody-else", "PlatformError: WGL: Failed to clear current context: ",
	} {
		if kept, err := logged(words); err != nil || !strings.Contains(kept, "fyne: ") {
			t.Errorf("%q: %q, %v", words, kept, err)
		}
	}
	if kept, err := logged(noise); err != nil || kept != "" {
		t.Errorf("%q, %v", kept, err)
	}
}

func TestOtherPanicsGoOn(t *testing.T) {
	defer func() {
		if r := recover(); fmt.Sprint(r) != "mine" {
			t.Errorf("recovered %v", r)
		}
	}()
	var err error
	defer RecoverDriver(&err)
	panic("mine")
}

func TestNothingIsQueuedAtTheEnd(t *testing.T) {
	a := test.NewTempApp(t)
	l := a.Lifecycle().(interface {
		SetOnStoppedHookExecuted(func())
		OnStopped() func()
	})
	l.SetOnStoppedHookExecuted(func() {})
	if l.OnStopped() == nil {
		t.Fatal("the toolkit's hook is not there to be taken away")
	}
	EndQuietly(a)
	if l.OnStopped() != nil {
		t.Error("something would be queued when the window is closed")
	}
}
