package accessibility

import (
	"image/color"
	"strconv"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// The indices of GetSysColor
// (https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getsyscolor).
const (
	colorWindow        = 5
	colorWindowText    = 8
	colorHighlight     = 13
	colorHighlightText = 14
	colorGrayText      = 17
	colorHotLight      = 26
)

// highContrastOn is HCF_HIGHCONTRASTON
// (https://learn.microsoft.com/windows/win32/api/winuser/ns-winuser-highcontrastw).
const highContrastOn = 1

var getSysColor = windows.NewLazySystemDLL("user32.dll").NewProc("GetSysColor")

// HighContrast tells whether the system shows a high-contrast theme, and in
// which colours.
func HighContrast() (c Contrast, on bool) {
	k, err := registry.OpenKey(registry.CURRENT_USER, `Control Panel\Accessibility\HighContrast`, registry.QUERY_VALUE)
	if err != nil {
		return c, false
	}
	defer k.Close()
	words, _, err := k.GetStringValue("Flags")
	flags, wrong := strconv.ParseUint(words, 10, 32)
	if err != nil || wrong != nil || flags&highContrastOn == 0 {
		return c, false
	}
	return Contrast{
		Window: sysColor(colorWindow), WindowText: sysColor(colorWindowText),
		Highlight: sysColor(colorHighlight), HighlightText: sysColor(colorHighlightText),
		Link: sysColor(colorHotLight), GrayText: sysColor(colorGrayText),
	}, true
}

// sysColor is a colour of the system; a COLORREF is 0x00bbggrr.
func sysColor(index uintptr) color.NRGBA {
	v, _, _ := getSysColor.Call(index)
	return color.NRGBA{R: uint8(v), G: uint8(v >> 8), B: uint8(v >> 16), A: 0xff} //nolint:gosec // a byte each
}

// TextScale is how many times larger than usual the user wants texts: the
// slider of Settings, Accessibility, Text size, from 1 to 2.25
// (https://learn.microsoft.com/uwp/api/windows.ui.viewmanagement.uisettings.textscalefactor).
func TextScale() float64 {
	k, err := registry.OpenKey(registry.CURRENT_USER, `Software\Microsoft\Accessibility`, registry.QUERY_VALUE)
	if err != nil {
		return 1
	}
	defer k.Close()
	percent, _, err := k.GetIntegerValue("TextScaleFactor")
	if err != nil || percent < 100 || percent > 225 {
		return 1
	}
	return float64(percent) / 100
}
