package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// painters are the parts of a frame that paint a point of the page.
func painters(t *testing.T, f *frame, at fyne.Position) (n int) {
	t.Helper()
	for _, o := range test.WidgetRenderer(f).Objects() {
		from, size := o.Position(), o.Size()
		if at.X >= from.X && at.X < from.X+size.Width && at.Y >= from.Y && at.Y < from.Y+size.Height {
			n++
		}
		if side, ok := o.(*container.Clip); ok && side.Content.Position() != fyne.NewPos(-from.X, -from.Y) {
			t.Errorf("the page is at %v in the part at %v", side.Content.Position(), from)
		}
	}
	return n
}

// TestWhatADialogHidesIsNotPainted: in the plain look, and all the rest once,
// also when the dialog grows or the window does.
func TestWhatADialogHidesIsNotPainted(t *testing.T) {
	for name, c := range map[string]struct {
		look   fyne.Theme
		hidden int
	}{"usual": {Look(), 1}, "plain": {PlainLook(), 0}} {
		t.Run(name, func(t *testing.T) {
			dress(t, c.look)
			page := canvas.NewRectangle(nil)
			var open *sheet
			f := newFrame(page, func() *sheet { return open })
			w := test.NewTempWindow(t, f)
			w.SetPadded(false)
			w.Resize(fyne.NewSize(801, 603))
			all := func(state string) {
				t.Helper()
				if page.Size() != w.Canvas().Size() {
					t.Errorf("%s: the page is %v", state, page.Size())
				}
				for x := float32(0.5); x < w.Canvas().Size().Width; x += 3 {
					for y := float32(0.5); y < w.Canvas().Size().Height; y += 3 {
						want, sure := 1, true
						if open != nil {
							at, size := open.popup.Position(), open.popup.Size()
							inside := func(edge float32) bool {
								return x > at.X+edge && x < at.X+size.Width-edge && y > at.Y+edge && y < at.Y+size.Height-edge
							}
							if inside(5) {
								want = c.hidden
							} else if inside(1) {
								sure = false
							}
						}
						if n := painters(t, f, fyne.NewPos(x, y)); n > 1 || sure && n != want {
							t.Fatalf("%s: %v, %v is painted %d times, not %d", state, x, y, n, want)
						}
					}
				}
			}
			all("no dialog")
			open = &sheet{popup: widget.NewModalPopUp(widget.NewLabel("Text"), w.Canvas())}
			open.popup.Resize(fyne.NewSize(301, 203))
			open.popup.Show()
			all("a dialog")
			open.popup.Resize(fyne.NewSize(301, 260))
			all("it has grown")
			w.Resize(fyne.NewSize(1000, 700))
			all("the window has grown")
			open = nil
			all("closed")
		})
	}
}
