// Package accessibility tells how somebody has set the system to show things.
package accessibility

import "image/color"

// Contrast is a high-contrast theme of the system: the only colours that
// somebody who has chosen it can read.
type Contrast struct {
	Window, WindowText       color.NRGBA
	Highlight, HighlightText color.NRGBA
	Link                     color.NRGBA
	GrayText                 color.NRGBA // of what cannot be used now
}
