//go:build windowtrace

package ui

import (
	"encoding/json"
	"os"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// traced is a widget that can be read or clicked, in pixels.
type traced struct {
	Kind    string  `json:"kind"`
	Text    string  `json:"text"`
	X       float32 `json:"x"`
	Y       float32 `json:"y"`
	Width   float32 `json:"w"`
	Height  float32 `json:"h"`
	Active  bool    `json:"active"`
	Focused bool    `json:"focused"`
}

// trace writes what is to be seen to the file that the environment names, for
// a test that drives the window from outside.
func trace(v *View) {
	path := os.Getenv("MAILGRANT_WINDOW_TRACE")
	if path == "" {
		return
	}
	t := &tracer{canvas: v.window.Canvas(), all: []traced{}}
	t.walk(v.root, fyne.Position{})
	if top := t.canvas.Overlays().Top(); top != nil {
		t.all = t.all[:0]
		t.walk(top, fyne.Position{})
	}
	data, err := json.Marshal(t.all)
	if err != nil {
		return
	}
	if os.WriteFile(path+".new", data, 0o600) == nil {
		_ = os.Rename(path+".new", path)
	}
}

type tracer struct {
	canvas fyne.Canvas
	all    []traced
}

// walk adds up the positions by itself: the driver knows those of painted
// objects only.
func (t *tracer) walk(o fyne.CanvasObject, at fyne.Position) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			t.walk(child, at)
		}
	case *container.Scroll:
		t.walk(o.Content, at)
	case *widget.PopUp:
		t.walk(o.Content, at)
	case interface{ content() fyne.CanvasObject }:
		t.walk(o.content(), at)
	case *button:
		text := o.Text
		if text == "" && o.Icon != nil {
			text = o.Icon.Name()
		}
		t.add("button", text, o, at, !o.Disabled())
	case *check:
		t.add("check", o.Text, o, at, !o.Disabled())
	case *choice:
		t.add("choice", o.Selected, o, at, !o.Disabled())
	case *entry:
		t.add("entry", o.Text, o, at, !o.Disabled())
	case *widget.Label:
		t.add("text", o.Text, o, at, true)
	}
}

func (t *tracer) add(kind, text string, o fyne.CanvasObject, at fyne.Position, active bool) {
	size, scale := o.Size(), t.canvas.Scale()
	focused, _ := o.(fyne.Focusable)
	t.all = append(t.all, traced{
		kind, text, at.X * scale, at.Y * scale, size.Width * scale, size.Height * scale, active, focused != nil && t.canvas.Focused() == focused,
	})
}
