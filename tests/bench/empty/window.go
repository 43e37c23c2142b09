//go:build emptywindow

// This file stands in window.go's place (go build -overlay) in the program that
// scripts/bench-window compares with: everything is the same but the window,
// in which there is nothing.
package main

import (
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/widget"

	"mailgrant/cli"
	"mailgrant/internal/native/renderer"
	"mailgrant/ui"
)

var desktop = cli.Desktop{
	OpenWindow: openWindow,
	Renderers: func(home string, args []string, log *slog.Logger) cli.Renderers {
		return renderer.New(home, args, log)
	},
}

func openWindow(w cli.Window) int {
	restore := ui.KeepBelow(w.Home)
	defer restore()
	app.SetMetadata(fyne.AppMetadata{Name: w.App.Name, Version: w.App.Version, Build: w.App.Build})
	a := app.NewWithID("")
	ui.RemoveCache(a)
	ui.EndQuietly(a)
	if w.Renderer == renderer.Software {
		a.Settings().SetTheme(ui.PlainLook())
	} else {
		a.Settings().SetTheme(ui.Look())
	}
	window := a.NewWindow(w.App.Name)
	window.SetContent(widget.NewLabel(w.App.Name))
	window.Resize(ui.NewNotes(w.Home, w.Log).Size())
	window.SetCloseIntercept(a.Quit)
	a.Lifecycle().SetOnStarted(func() {
		restore() // the driver of OpenGL keeps what it compiled in the usual folder
		window.Show()
	})
	a.Run()
	return 0
}
