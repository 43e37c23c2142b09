//go:build windowtest

package window

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// The trace tells what should be on the screen; pictures tell that it is. A
// renderer without a graphics card may need a second for one.

// The display's size, in pixels.
const screenWidth, screenHeight = 1400, 900

// picture is what the display shows.
func (w *window) picture() *image.RGBA {
	w.Helper()
	p := image.NewRGBA(image.Rect(0, 0, screenWidth, screenHeight))
	data, err := exec.Command("import", "-window", "root", "-depth", "8", "rgba:-").Output()
	if copy(p.Pix, data) != len(p.Pix) {
		w.Fatalf("no picture: %v, %d bytes", err, len(data))
	}
	return p
}

// differ counts the pixels that differ.
func differ(a, b *image.RGBA) (n int) {
	if bytes.Equal(a.Pix, b.Pix) {
		return 0
	}
	for i := 0; i < min(len(a.Pix), len(b.Pix)); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

// cursor is more pixels than a blinking cursor has, and fewer than a word.
const cursor = 200

// still waits until the picture stays as it is, or for a while: a countdown never does.
func (w *window) still() *image.RGBA {
	w.Helper()
	last := w.picture()
	for range 40 {
		time.Sleep(250 * time.Millisecond)
		p := w.picture()
		if differ(last, p) < cursor {
			return p
		}
		last = p
	}
	return last
}

// shows does something that must change what the display shows.
func (w *window) shows(what string, do func()) {
	w.Helper()
	before := w.still()
	do()
	w.until(what+" on the screen", func() bool { return differ(before, w.picture()) > cursor })
}

// shot keeps a picture for people.
func (w *window) shot(name string) {
	w.Helper()
	dir := os.Getenv("MAILGRANT_WINDOW_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.Fatal(err)
	}
	to, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		w.Fatal(err)
	}
	defer to.Close()
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(to, w.still()); err != nil {
		w.Fatal(err)
	}
}
