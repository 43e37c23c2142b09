package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/native/accessibility"
)

// colors are a theme's. Themes hold them by a pointer: the toolkit compares
// themes.
type colors map[fyne.ThemeColorName]color.Color

// ContrastLook is a look in the colours of the system's high-contrast theme and
// no others. Buttons have a line around them (ring.go), for their ground is the
// window's there.
func ContrastLook(usual fyne.Theme, c accessibility.Contrast) fyne.Theme {
	l, faint := usual.(look), c.Highlight
	faint.A = 0x40
	own := colors{
		theme.ColorNameForeground: c.WindowText, theme.ColorNamePlaceHolder: c.WindowText, theme.ColorNameDisabled: c.GrayText,
		theme.ColorNamePrimary: c.Highlight, theme.ColorNameForegroundOnPrimary: c.HighlightText, theme.ColorNameHyperlink: c.Link,
		theme.ColorNameForegroundOnError: c.Window, theme.ColorNameForegroundOnWarning: c.Window, theme.ColorNameForegroundOnSuccess: c.Window,
		theme.ColorNameSuccess: c.WindowText, theme.ColorNameWarning: c.WindowText, theme.ColorNameError: c.WindowText,
		theme.ColorNameInputBorder: c.WindowText, theme.ColorNameSeparator: c.WindowText, theme.ColorNameScrollBar: c.WindowText, colorCardBorder: c.WindowText,
		theme.ColorNameFocus: faint, theme.ColorNameSelection: faint, theme.ColorNameHover: faint, theme.ColorNamePressed: faint,
		theme.ColorNameShadow: color.Transparent, theme.ColorNameScrollBarBackground: color.Transparent,
	}
	for name := range palette {
		if _, has := own[name]; !has {
			own[name] = c.Window // all grounds
		}
	}
	l.contrast = &own
	return l
}

// inContrast tells whether the window has the colours of a high-contrast theme.
func inContrast() bool {
	l, ours := theme.Current().(look)
	return ours && l.contrast != nil
}

// Look returns the theme of the window.
func Look() fyne.Theme { return look{Theme: theme.DefaultTheme()} }

// PlainLook returns the theme of a window that the processor draws: no round
// corners, and no ground where a line around will do.
func PlainLook() fyne.Theme { return look{Theme: theme.DefaultTheme(), plain: true} }

// followContrast gives the application the look that fits the system: at once,
// and each time that the user comes back to the window, for the settings may
// have been changed meanwhile.
func followContrast(a fyne.App, usual fyne.Theme, ask func() (accessibility.Contrast, bool)) {
	var now accessibility.Contrast
	var on bool
	apply := func(c accessibility.Contrast, high bool) {
		now, on = c, high
		if high {
			a.Settings().SetTheme(ContrastLook(usual, c))
		} else {
			a.Settings().SetTheme(usual)
		}
	}
	if ask == nil {
		a.Settings().SetTheme(usual)
		return
	}
	apply(ask())
	a.Lifecycle().SetOnEnteredForeground(func() {
		if c, high := ask(); high != on || c != now {
			apply(c, high)
		}
	})
}
