package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/native/accessibility"
)

// ContrastLook is a look in the colours of the system's high-contrast theme and
// no others. Buttons have a line around them (ring.go), for their ground is the
// window's there.
func ContrastLook(usual fyne.Theme, c accessibility.Contrast) fyne.Theme {
	l := usual.(look)
	l.contrast = &c
	return l
}

// inSystemColors finds a colour among those of a high-contrast theme.
func inSystemColors(c accessibility.Contrast, name fyne.ThemeColorName) color.Color {
	switch name {
	case theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameSuccess, theme.ColorNameWarning, theme.ColorNameError,
		theme.ColorNameInputBorder, theme.ColorNameSeparator, theme.ColorNameScrollBar, colorCardBorder:
		return c.WindowText
	case theme.ColorNameDisabled:
		return c.GrayText
	case theme.ColorNameHyperlink:
		return c.Link
	case theme.ColorNamePrimary:
		return c.Highlight
	case theme.ColorNameForegroundOnPrimary:
		return c.HighlightText
	case theme.ColorNameFocus, theme.ColorNameSelection, theme.ColorNameHover, theme.ColorNamePressed:
		faint := c.Highlight
		faint.A = 0x40
		return faint
	case theme.ColorNameShadow, theme.ColorNameScrollBarBackground:
		return color.Transparent
	}
	return c.Window // all grounds, and what is written on a sign
}

// inContrast tells whether the window has the colours of a high-contrast theme.
func inContrast() bool {
	l, ours := theme.Current().(look)
	return ours && l.contrast != nil
}

// followContrast gives the application the look that fits the system: at once,
// and when the function that it returns is called, for the settings may have
// been changed meanwhile.
func followContrast(a fyne.App, usual fyne.Theme, ask func() (accessibility.Contrast, bool)) (look func()) {
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
		return func() {}
	}
	apply(ask())
	return func() {
		if c, high := ask(); high != on || c != now {
			apply(c, high)
		}
	}
}
