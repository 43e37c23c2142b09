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
	Kind string `json:"kind"`
	Text string `json:"text"`
	place
	Page    page `json:"page"`
	Active  bool `json:"active"`
	Focused bool `json:"focused"`
}

// page is the part of a page on which something can be seen, and what the
// wheel can bring into sight, in pixels.
type page struct {
	place
	Above float32 `json:"above"`
	Below float32 `json:"below"`
}

type place struct {
	X      float32 `json:"x"`
	Y      float32 `json:"y"`
	Width  float32 `json:"w"`
	Height float32 `json:"h"`
}

// trace writes what is to be seen to the file that the environment names, for
// a test that drives the window from outside.
func trace(v *View) {
	path := os.Getenv("MAILGRANT_WINDOW_TRACE")
	if path == "" {
		return
	}
	for _, half := range []*container.Scroll{v.halves.left, v.halves.right} {
		half.OnScrolled = func(fyne.Position) { trace(v) }
	}
	t := &tracer{canvas: v.window.Canvas(), all: []traced{}}
	t.page = page{place: t.place(v.root, fyne.Position{})}
	if v.notice.object.Visible() {
		t.covered = (v.notice.ground.Size().Height + gapCard/2) * t.canvas.Scale()
	}
	t.walk(v.root, fyne.Position{})
	if t.canvas.Overlays().Top() != nil { // a sheet, or a menu, of which nothing is told
		t.all = t.all[:0]
	}
	if s := v.sheet(); s != nil {
		t.walk(s.popup, fyne.Position{})
	}
	if data, err := json.Marshal(t.all); err == nil {
		// Nothing waits for the disk: the wheel would arrive late where it is slow.
		if os.WriteFile(path+".new", data, 0o600) == nil {
			_ = os.Rename(path+".new", path)
		}
	}
}

type tracer struct {
	canvas  fyne.Canvas
	page    page    // on which the walk is
	covered float32 // by a notice, of the foot of each page
	all     []traced
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
		around := t.page
		t.page = page{t.place(o, at), o.Offset.Y * t.canvas.Scale(), (o.Content.Size().Height - o.Offset.Y - o.Size().Height) * t.canvas.Scale()}
		t.page.Height -= t.covered
		t.walk(o.Content, at.Subtract(o.Content.Position()).Subtract(o.Offset)) // it moves after OnScrolled
		t.page = around
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
	focused, _ := o.(fyne.Focusable)
	t.all = append(t.all, traced{kind, text, t.place(o, at), t.page, active, focused != nil && t.canvas.Focused() == focused})
}

func (t *tracer) place(o fyne.CanvasObject, at fyne.Position) place {
	size, scale := o.Size(), t.canvas.Scale()
	return place{at.X * scale, at.Y * scale, size.Width * scale, size.Height * scale}
}
