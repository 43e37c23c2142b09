package ui

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/lang"

	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
)

// DriverError says that the toolkit's driver could not open a window.
type DriverError struct{ Words string }

// Error implements error.
func (e *DriverError) Error() string { return "ui: no window: " + e.Words }

// DriverLog takes what the toolkit logs. The driver does nothing but log when
// it cannot open a window, so this is where that is noticed: it panics with a
// *DriverError, on the goroutine that runs the window. It does nothing but log
// either when a driver does not take a shader; what is drawn with it is then
// missing.
type DriverLog struct {
	Log      *slog.Logger
	NoShader func() // one of ours is not taken; called while the window is painted
}

// shaderFailure is what the toolkit logs then, once (Fyne 2.8).
const shaderFailure = "Failed to compile shader " + shaderNames

// driverFailures are parts of what the driver logs then (Fyne 2.8). For some
// failures GLFW's binding logs a PlatformError and returns neither window nor
// error, and the program would run on with no window (GLFW 3.4, wgl_context.c,
// glx_context.c, egl_context.c). Errors of a window that is open already, such
// as "Failed to make context current", are not among them.
var driverFailures = []string{
	"window creation error", "failed to initialise GLFW",
	"WGL: Failed to load", "WGL: Failed to set", "WGL: Failed to create", "WGL: Failed to retrieve", "dummy context",
	"GLX: Failed to load", "GLX: Failed to create",
	"EGL: Failed to load", "EGL: Failed to initialize", "EGL: Failed to get EGL display", "EGL: Failed to create", "EGL: Failed to bind",
}

// noise is what the toolkit logs in a program without an identifier, which is
// what this one is on purpose.
const noise = "Preferences API requires a unique ID"

// Write implements io.Writer.
func (d DriverLog) Write(p []byte) (int, error) {
	words := strings.TrimSpace(string(p))
	for _, failure := range driverFailures {
		if strings.Contains(words, failure) {
			panic(&DriverError{Words: redact.Line(cause(words))})
		}
	}
	if !strings.Contains(words, noise) {
		d.Log.Warn("fyne: " + redact.Line(words))
	}
	if strings.Contains(words, shaderFailure) {
		d.Log.Warn("ui: this graphics driver does not take a shader; the toolkit draws rectangles instead")
		d.NoShader()
	}
	return len(p), nil
}

// cause is the line of a report that says why.
func cause(words string) string {
	_, why, ok := strings.Cut(words, "Cause:")
	if !ok {
		return words
	}
	why, _, _ = strings.Cut(why, "\n")
	return strings.TrimSpace(why)
}

// RecoverDriver turns the panic of DriverLog into an error. It is deferred.
func RecoverDriver(err *error) {
	switch r := recover().(type) {
	case nil:
	case *DriverError:
		*err = r
	default:
		panic(r)
	}
}

// KeepBelow makes the toolkit keep its files below a folder until the returned
// function is called: programs that are started later see the usual folders.
func KeepBelow(home string) (restore func()) {
	names := []string{"XDG_CACHE_HOME", "XDG_CONFIG_HOME"}
	if runtime.GOOS == "windows" {
		names = []string{"LocalAppData", "AppData"}
	}
	dir := filepath.Join(home, "window")
	// The toolkit makes only the last part of a path.
	if err := os.MkdirAll(filepath.Join(dir, "fyne"), 0o700); err != nil {
		return func() {}
	}
	was := map[string]string{}
	for _, name := range names {
		if value, set := os.LookupEnv(name); set {
			was[name] = value
		}
		_ = os.Setenv(name, dir)
	}
	return sync.OnceFunc(func() {
		for _, name := range names {
			if value, set := was[name]; set {
				_ = os.Setenv(name, value)
			} else {
				_ = os.Unsetenv(name)
			}
		}
	})
}

// RemoveCache removes the folder that the toolkit makes at every start under a
// new name where a program has no identifier.
func RemoveCache(a fyne.App) {
	if dir := a.Cache().RootURI(); dir != nil && strings.Contains(dir.Path(), "missing-id") {
		_ = os.RemoveAll(dir.Path())
	}
}

// EndQuietly takes away the toolkit's own hook for the end of the application,
// which would save preferences: there are none. The driver queues that hook and
// closes the queue at once, so that now and then the program ended with a panic
// (docs/upstream.md).
func EndQuietly(a fyne.App) {
	if l, ok := a.Lifecycle().(interface{ SetOnStoppedHookExecuted(func()) }); ok {
		l.SetOnStoppedHookExecuted(nil)
	}
}

// fyneWords are the toolkit's own words that can be seen here, and where ours for
// them stand.
var fyneWords = map[string]string{
	"Copy": "copy", "Cut": "cut", "Paste": "paste", "Quit": "quit", "Redo": "redo", "Select all": "select-all", "Undo": "undo",
}

// UseWords makes the toolkit speak our language. It follows the system's and
// offers no other way than to register ours under the system's name.
func UseWords(texts *i18n.Texts) error {
	words := map[string]string{}
	for theirs, ours := range fyneWords {
		words[theirs] = texts.Text("ui.fyne." + ours)
	}
	data, err := json.Marshal(words)
	if err != nil {
		return err
	}
	system := string(lang.SystemLocale())
	language, _, _ := strings.Cut(system, "-")
	for _, locale := range []string{"en", string(texts.Language()), language, system} {
		if locale == "" {
			continue
		}
		if err := lang.AddTranslationsForLocale(data, fyne.Locale(locale)); err != nil {
			return err
		}
	}
	return nil
}
