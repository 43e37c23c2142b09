package ui

import (
	"time"

	"fyne.io/fyne/v2"
)

// calm is an application in which nothing moves by itself: where the processor
// draws, each picture takes up to a second of it, and a blinking cursor all of
// it. The toolkit asks the current application before it animates something.
type calm struct{ fyne.App }

func (c calm) Settings() fyne.Settings { return calmSettings{c.App.Settings()} }

type calmSettings struct{ fyne.Settings }

func (calmSettings) ShowAnimations() bool { return false }

// slowTicker moves the time left of a sign-in, less often than elsewhere.
func slowTicker() (ticks <-chan time.Time, stop func()) {
	t := time.NewTicker(10 * time.Second)
	return t.C, t.Stop
}
