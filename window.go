//go:build !cli

package main

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/driver"
	"github.com/go-gl/glfw/v3.4/glfw" // the toolkit's own: it tells nobody how large the screen is

	"mailgrant/app/assistant"
	"mailgrant/app/practice"
	"mailgrant/app/products"
	"mailgrant/app/table"
	"mailgrant/cli"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/native"
	"mailgrant/internal/native/accessibility"
	"mailgrant/internal/native/renderer"
	"mailgrant/internal/native/task"
	"mailgrant/ui"
)

var desktop = cli.Desktop{
	OpenWindow: openWindow,
	Language:   ui.KeptLanguage,
	Renderers: func(home string, args []string, log *slog.Logger) cli.Renderers {
		return renderer.New(home, args, log)
	},
}

// openWindow opens the window and returns when it is closed. If the toolkit
// cannot open it, w.Failed tries what is left or says why there is none.
func openWindow(w cli.Window) int {
	err := runWindow(w)
	var failed *ui.DriverError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &failed):
		return w.Failed(failed.Words)
	}
	return w.Broken(err)
}

// runWindow runs the toolkit. Its driver only logs that it cannot open a
// window: the log's writer recognises that and ends the run by a panic, which
// comes back here as an error.
func runWindow(w cli.Window) (err error) {
	// Little of what is made until the window stands is garbage by then: it is
	// collected after, and what that leaves unused goes back to the system.
	usually := debug.SetGCPercent(400)
	log.SetFlags(0)
	log.SetOutput(ui.DriverLog{Log: w.Log, NoShader: func() { go fyne.Do(ui.WithoutShaders) }})
	defer log.SetOutput(os.Stderr)
	defer ui.RecoverDriver(&err)

	// The toolkit keeps a cache and watches settings of its own: below our
	// folder, and without an identifier, which would make it keep preferences.
	restore := ui.KeepBelow(w.Home)
	defer restore()
	if factor := accessibility.TextScale(); factor != 1 && os.Getenv("FYNE_SCALE") == "" {
		_ = os.Setenv("FYNE_SCALE", strconv.FormatFloat(factor, 'f', 2, 64)) // texts, and all that holds them
	}
	app.SetMetadata(fyne.AppMetadata{Name: w.App.Name, Version: w.App.Version, Build: w.App.Build})
	a := app.NewWithID("")
	ui.RemoveCache(a)
	ui.EndQuietly(a)

	c := ui.Config{
		Title: w.App.Name, Home: w.Home, Software: w.Renderer == renderer.Software, Contrast: accessibility.HighContrast,
		About: ui.About{Name: w.App.Name, Version: w.App.Version, Renderer: w.Renderer, Home: w.Home},
	}
	c.Texts, c.LanguageFixed, c.Engine, c.Book, c.Log = w.Texts, w.Language, w.Manager, w.Manager.Book, w.Log
	c.Importer = table.Importer{Book: w.Manager.Book, MoveSecrets: w.Manager.MoveSecrets}
	c.Finder, c.Notify = assistant.NewFinder(w.Manager, w.Log), native.Flash
	c.Announce = func(title, text string) {
		go func() { // it stays for a while, and the system may be slow to show it
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if err := native.Notify(ctx, title, text); err != nil {
				w.Log.Info("ui: no notice of the desktop", "error", err)
			}
		}()
	}
	c.Preflight = func(ctx context.Context, d mailbox.Definition) (assistant.Preflight, error) {
		return assistant.RunPreflight(ctx, w.Manager, d)
	}
	c.CheckProduct = func(ctx context.Context, d mailbox.Definition, card products.Card) (assistant.ProductCheck, error) {
		return assistant.CheckProduct(ctx, w.Manager, d, card)
	}
	if task.Supported && w.Practice == nil {
		c.Schedule = task.Renewal{Home: w.Home, Description: w.Texts.Text("native.task-description")}
	}
	c.Practise = func() error { return practise(w.Texts.Language()) }
	if w.Practice != nil {
		c.Practice, c.Faults = w.Practice, practice.AllFaults
		c.Finder = assistant.PracticeFinder{Manager: w.Manager, Practice: w.Practice.Definition()}
	}
	window, err := ui.Open(a, c)
	if err != nil {
		return err
	}
	// The toolkit follows the system's light and dark only for the application
	// that is the current one at Run; a still one takes its place again after.
	still := fyne.CurrentApp()
	fyne.SetCurrentApp(a)
	// Opened only when the toolkit runs: its driver then ends the process on
	// failure instead of running on without a window. And shown with what is
	// stored for its mailbox, if that comes soon: else it would be drawn twice.
	a.Lifecycle().SetOnStarted(func() {
		fyne.SetCurrentApp(still)
		restore()
		window.Fill()
		if width, height, ok := screenOf(window.Window); ok {
			window.FitScreen(width, height)
		}
		go func() {
			select {
			case <-window.Presenter.Read:
			case <-time.After(100 * time.Millisecond):
			}
			fyne.DoAndWait(window.Show)
			// By now the toolkit has taken the signals. Its way to end keeps
			// nothing of what is typed, and makes its folder anew when that goes.
			signal.Reset(os.Interrupt, syscall.SIGTERM)
			ctx, again := signal.NotifyContext(w.Context, os.Interrupt, syscall.SIGTERM)
			context.AfterFunc(ctx, func() { again(); fyne.Do(window.Finish) })
			debug.SetGCPercent(usually)
			debug.FreeOSMemory()
		}()
	})
	a.Run()
	return nil
}

// screenOf is the room on the screen where a window stands, or on the first one.
func screenOf(w fyne.Window) (width, height int, ok bool) {
	w.(driver.NativeWindow).RunNative(func(of any) {
		if of, is := of.(driver.WindowsWindowContext); is {
			width, height, ok = native.Screen(of.HWND)
		}
	})
	if first := glfw.GetPrimaryMonitor(); !ok && first != nil {
		_, _, width, height = first.GetWorkarea()
		ok = true
	}
	return width, height, ok
}

// practise opens a second window, on the practice tenant. It has settings of
// its own and lives on when this one is closed.
func practise(language i18n.Language) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	second := exec.Command(program, "--practice", "--lang", string(language))
	if err := second.Start(); err != nil {
		return err
	}
	go func() { _ = second.Wait() }() // or it stays in the system's table when it ends
	return nil
}
