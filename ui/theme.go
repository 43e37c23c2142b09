package ui

import (
	_ "embed"
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/native/accessibility"
)

// Colours of our own, beside Fyne's.
const (
	colorCard       fyne.ThemeColorName = "mailgrantCard"
	colorCardBorder fyne.ThemeColorName = "mailgrantCardBorder"
	colorBar        fyne.ThemeColorName = "mailgrantBar"      // toolbar
	colorPractice   fyne.ThemeColorName = "mailgrantPractice" // practice bar
	colorWell       fyne.ThemeColorName = "mailgrantWell"     // commands and quoted words
	colorDialog     fyne.ThemeColorName = "mailgrantDialog"
	colorGoodTint   fyne.ThemeColorName = "mailgrantGoodTint"
	colorBadTint    fyne.ThemeColorName = "mailgrantBadTint"
	colorWarnTint   fyne.ThemeColorName = "mailgrantWarnTint"
)

// The type scale: four sizes and no other.
const (
	sizeTitle fyne.ThemeSizeName = theme.SizeNameHeadingText    // a dialog's or the first page's title
	sizeHead  fyne.ThemeSizeName = theme.SizeNameSubHeadingText // a card's title
	sizeText  fyne.ThemeSizeName = theme.SizeNameText
	sizeSmall fyne.ThemeSizeName = theme.SizeNameCaptionText
)

// Distances, in the window's units. All are multiples of four.
const (
	gapSmall  = 4
	gap       = 8
	gapCard   = 12 // between cards, and around them
	inset     = 16 // from a card's edge to what is in it
	iconSize  = 18
	labelSpan = 168 // the column of labels
)

// look is the theme: that of the house with the system's font, and with what
// belongs to the way of drawing.
type look struct {
	fyne.Theme
	plain    bool                    // drawn by the processor, for which each pixel of a surface is work
	contrast *accessibility.Contrast // the only colours; nil: the system shows no high-contrast theme
}

// plain tells whether the window has the plain look.
func plain() bool {
	l, ours := theme.Current().(look)
	return ours && l.plain
}

// house is Fyne's theme with colours and sizes of our own. The colours are built
// around the icon's blue and green. Text has a contrast of at least 4.5:1 on the
// ground it stands on (WCAG 2.2, 1.4.3), signs 3:1 (1.4.11). Blurring behind
// dialogs is off: without a graphics card it takes seconds.
var house = sync.OnceValue(func() fyne.Theme {
	th, err := theme.FromJSON(houseColors)
	if err != nil {
		panic(err) // a test draws with it
	}
	return th
})

//go:embed theme.json
var houseColors string

// Look returns the theme of the window.
func Look() fyne.Theme { return look{Theme: house()} }

// PlainLook returns the theme of a window that the processor draws: no round
// corners, and no ground where a line around will do.
func PlainLook() fyne.Theme { return look{Theme: house(), plain: true} }

func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if l.plain {
		switch name {
		case theme.ColorNameBackground:
			name = colorCard // so that cards need no ground of their own
		case theme.ColorNameMenuBackground:
			name = colorWell // no shadow tells it from the page
		case theme.ColorNameInputBackground, theme.ColorNameShadow, theme.ColorNameOverlayBackground:
			return color.Transparent // exactly this the toolkit does not paint
		}
	}
	if l.contrast != nil {
		return inSystemColors(*l.contrast, name)
	}
	return l.Theme.Color(name, variant)
}

func (l look) Size(name fyne.ThemeSizeName) float32 {
	if l.plain && strings.HasSuffix(string(name), "Radius") {
		return 0
	}
	return l.Theme.Size(name)
}

// Font implements fyne.Theme: the system's font on Windows, Fyne's elsewhere.
func (l look) Font(style fyne.TextStyle) fyne.Resource {
	if font := systemFont(style); font != nil {
		return font
	}
	return l.Theme.Font(style)
}

// readFonts makes the toolkit read its typefaces beside the caller, who would
// wait for them when the first text is measured. Until the channel is closed
// nobody else may measure one.
func readFonts() (read <-chan struct{}) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, bold := range []bool{false, true} {
			fyne.MeasureText("X", theme.Size(sizeText), fyne.TextStyle{Bold: bold})
		}
	}()
	return done
}

// windowsFonts are those that Windows itself writes with.
var windowsFonts = map[string]string{"regular": "segoeui.ttf", "bold": "segoeuib.ttf", "italic": "segoeuii.ttf", "mono": "consola.ttf"}

var loadedFonts = sync.OnceValue(func() map[string]fyne.Resource {
	loaded := map[string]fyne.Resource{}
	if runtime.GOOS != "windows" {
		return loaded
	}
	for style, file := range windowsFonts {
		data, err := os.ReadFile(filepath.Join(os.Getenv("WINDIR"), "Fonts", file))
		if err == nil {
			loaded[style] = fyne.NewStaticResource(strings.TrimSuffix(file, ".ttf"), data)
		}
	}
	return loaded
})

func systemFont(style fyne.TextStyle) fyne.Resource {
	name := "regular"
	switch {
	case style.Symbol:
		return nil
	case style.Monospace:
		name = "mono"
	case style.Bold:
		name = "bold"
	case style.Italic:
		name = "italic"
	}
	return loadedFonts()[name]
}
