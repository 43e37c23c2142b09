//go:build !windows

package accessibility

// HighContrast tells whether the system shows a high-contrast theme. Elsewhere
// than on Windows nobody says so.
func HighContrast() (c Contrast, on bool) { return c, false }

// TextScale is how many times larger than usual the user wants texts.
func TextScale() float64 { return 1 }
