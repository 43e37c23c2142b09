//go:build windowtest

package window

import (
	"fmt"
	"math"
	"os/exec"
	"strings"
	"time"
)

func (w *window) do(args ...string) {
	w.Helper()
	if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
		w.Fatalf("xdotool %v: %v %s", args, err, out)
	}
	time.Sleep(120 * time.Millisecond) // what the toolkit needs between two inputs
}

// keyboard makes sure that keys arrive in the window. The window manager says
// that a window is active before it has the keyboard, which Wine takes later.
func (w *window) keyboard() {
	w.Helper()
	w.until("keyboard", func() bool {
		has, _ := exec.Command("xdotool", "getwindowfocus", "-f").Output() // fails while nothing has it
		if strings.TrimSpace(string(has)) == w.id {
			return true
		}
		w.do("windowactivate", w.id)
		return false
	})
}

func (w *window) key(name string) {
	w.Helper()
	w.keyboard()
	w.do("key", name)
}

func (w *window) typeText(text string) {
	w.Helper()
	w.keyboard()
	w.do("type", "--delay", "20", text)
}

// click clicks on the middle of a widget, once it is there and active. If the
// widget moves while the pointer comes, because a notice goes, it comes again.
func (w *window) click(words string) {
	w.Helper()
	for at, last := w.clickable(words), (item{}); at != last; at = w.clickable(words) {
		x := at.X + at.W/2
		if at.Kind == "check" {
			x = at.X + 12
		}
		w.point(x, at.Y+at.H/2)
		last = at
	}
	w.do("click", "1")
}

func (w *window) point(x, y float64) {
	w.Helper()
	w.do("mousemove", "--window", w.id, fmt.Sprint(int(x)), fmt.Sprint(int(y)))
}

// clickable waits for something to click, wherever the focus is, and brings it
// into sight.
func (w *window) clickable(words string) item {
	w.Helper()
	at := w.reach(words, func(i item) bool { return i.Kind != "text" && i.Text == words && i.Active })
	at.Focused = false
	return at
}

// see brings a text into sight.
func (w *window) see(words string) {
	w.Helper()
	w.reach(words, func(i item) bool { return strings.Contains(i.Text, words) })
}

// reach waits for a widget and turns the wheel until one of those wanted can be
// seen.
func (w *window) reach(words string, wanted func(item) bool) (at item) {
	w.Helper()
	w.until(fmt.Sprintf("%q to be reached", words), func() bool {
		var outside []item
		for _, i := range w.items() {
			if !wanted(i) {
				continue
			}
			if i.Y >= i.Page.Y && i.Y+i.H <= i.Page.Y+i.Page.H {
				at = i
				return true
			}
			outside = append(outside, i)
		}
		if len(outside) > 0 {
			w.turn(outside[0])
		}
		return false
	})
	return at
}

// notch is how far the toolkit scrolls for one notch of the wheel, in pixels.
const notch = 25

// turn turns the wheel until a widget can be seen, with the pointer at its
// page's edge, where nothing else takes it, and waits until it is there: a click
// on the way would meet something else.
func (w *window) turn(to item) {
	w.Helper()
	button, far, most := "4", to.Page.Y-to.Y, to.Page.Above
	if far < 0 {
		button, far, most = "5", to.Page.Y+to.Page.H-to.Y-to.H, to.Page.Below
	}
	notches := math.Ceil(math.Abs(far) / notch)
	w.point(to.Page.X+3, to.Page.Y+to.Page.H/2)
	w.do("click", "--repeat", fmt.Sprint(notches), "--delay", "10", button)
	there := to.Y + math.Copysign(min(notches*notch, most), far)
	// What appears above on the way moves it elsewhere.
	for limit := time.Now().Add(patience / 4); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		for _, i := range w.items() {
			if i.Text == to.Text && math.Abs(i.Y-there) < 1 {
				return
			}
		}
	}
}
