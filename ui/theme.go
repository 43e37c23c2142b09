package ui

import (
	"image/color"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours of our own, beside Fyne's.
const (
	colorCard       fyne.ThemeColorName = "mailgrantCard"
	colorCardBorder fyne.ThemeColorName = "mailgrantCardBorder"
	colorBar        fyne.ThemeColorName = "mailgrantBar"      // toolbar
	colorPractice   fyne.ThemeColorName = "mailgrantPractice" // practice bar
	colorWell       fyne.ThemeColorName = "mailgrantWell"     // commands and quoted words
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

// look is the theme: Fyne's with colours, sizes and the font of our own.
type look struct {
	fyne.Theme
	plain    bool    // drawn by the processor, for which each pixel of a surface is work
	contrast *colors // in place of the palette; nil: the system shows no high-contrast theme
}

// plain tells whether the window has the plain look.
func plain() bool {
	l, ours := theme.Current().(look)
	return ours && l.plain
}

type pair struct{ light, dark color.NRGBA }

func hex(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} //nolint:gosec // three bytes of v
}

func clear(v uint32, alpha uint8) color.NRGBA {
	c := hex(v)
	c.A = alpha
	return c
}

// palette is built around the icon's blue and green. Text has a contrast of at
// least 4.5:1 on the ground it stands on (WCAG 2.2, 1.4.3), signs 3:1 (1.4.11).
var palette = map[fyne.ThemeColorName]pair{
	theme.ColorNameBackground:          {hex(0xf2f4f7), hex(0x15191f)},
	colorCard:                          {hex(0xffffff), hex(0x1d232b)},
	colorCardBorder:                    {hex(0xdce2ea), hex(0x2d3540)},
	colorBar:                           {hex(0xffffff), hex(0x1d232b)},
	colorPractice:                      {hex(0xfff4d6), hex(0x2d2712)},
	colorWell:                          {hex(0xf1f4f8), hex(0x151a20)},
	colorGoodTint:                      {hex(0xe8f6ed), hex(0x1a2e24)},
	colorBadTint:                       {hex(0xfdeeec), hex(0x35211f)},
	colorWarnTint:                      {hex(0xfff6e0), hex(0x33291a)},
	theme.ColorNameForeground:          {hex(0x1a2430), hex(0xe7ebf0)},
	theme.ColorNamePlaceHolder:         {hex(0x5c6878), hex(0x98a5b5)},
	theme.ColorNameDisabled:            {hex(0x5c6878), hex(0x98a5b5)},
	theme.ColorNamePrimary:             {hex(0x1767a8), hex(0x2874b3)},
	theme.ColorNameHyperlink:           {hex(0x1767a8), hex(0x6cb4ee)},
	theme.ColorNameForegroundOnPrimary: {hex(0xffffff), hex(0xffffff)},
	theme.ColorNameForegroundOnError:   {hex(0xffffff), hex(0x2b0f0c)},
	theme.ColorNameForegroundOnWarning: {hex(0xffffff), hex(0x2a1f05)},
	theme.ColorNameForegroundOnSuccess: {hex(0xffffff), hex(0x07200f)},
	theme.ColorNameFocus:               {clear(0x1767a8, 0x48), clear(0x6cb4ee, 0x50)},
	theme.ColorNameSelection:           {clear(0x1767a8, 0x38), clear(0x6cb4ee, 0x48)},
	theme.ColorNameButton:              {hex(0xe8ecf2), hex(0x2b3440)},
	theme.ColorNameDisabledButton:      {hex(0xf0f2f5), hex(0x232a33)},
	theme.ColorNameHover:               {clear(0x1a2430, 0x12), clear(0xffffff, 0x0c)},
	theme.ColorNamePressed:             {clear(0x1a2430, 0x24), clear(0xffffff, 0x28)},
	theme.ColorNameInputBackground:     {hex(0xfafbfc), hex(0x161b22)},
	theme.ColorNameInputBorder:         {hex(0xbdc6d2), hex(0x414c5a)},
	theme.ColorNameSeparator:           {hex(0xe3e8ee), hex(0x2d3540)},
	theme.ColorNameScrollBar:           {clear(0x1a2430, 0x50), clear(0xffffff, 0x50)},
	theme.ColorNameScrollBarBackground: {clear(0, 0), clear(0, 0)},
	theme.ColorNameOverlayBackground:   {hex(0xffffff), hex(0x20262f)},
	theme.ColorNameMenuBackground:      {hex(0xffffff), hex(0x20262f)},
	theme.ColorNameHeaderBackground:    {hex(0xf2f4f7), hex(0x1d232b)},
	theme.ColorNameShadow:              {clear(0x101820, 0x28), clear(0, 0x70)},
	theme.ColorNameSuccess:             {hex(0x1c7a43), hex(0x57c785)},
	theme.ColorNameWarning:             {hex(0x8f5d00), hex(0xe3b341)},
	theme.ColorNameError:               {hex(0xb3261e), hex(0xf2857c)},
}

// Color implements fyne.Theme.
func (l look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	if l.plain {
		switch name {
		case theme.ColorNameBackground:
			name = colorCard // so that cards need no ground of their own
		case theme.ColorNameInputBackground:
			return color.Transparent // exactly this the toolkit does not paint
		}
	}
	p, ours := palette[name]
	switch {
	case ours && l.contrast != nil:
		return (*l.contrast)[name]
	case !ours:
		return l.Theme.Color(name, variant)
	case variant == theme.VariantDark:
		return p.dark
	}
	return p.light
}

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText: 13, theme.SizeNameCaptionText: 11.5, theme.SizeNameSubHeadingText: 15, theme.SizeNameHeadingText: 21,
	theme.SizeNameInnerPadding: 7, theme.SizeNamePadding: 4, theme.SizeNameLineSpacing: 3, theme.SizeNameInlineIcon: 16,
	theme.SizeNameInputRadius: 5, theme.SizeNameButtonRadius: 5, theme.SizeNameSelectionRadius: 4,
	theme.SizeNameMenuRadius: 6, theme.SizeNamePopupRadius: 8, theme.SizeNameDialogRadius: 10,
	theme.SizeNameScrollBar: 10, theme.SizeNameScrollBarSmall: 4, theme.SizeNameModalBlurRadius: 0,
}

// Size implements fyne.Theme. Blurring behind dialogs is off: without a
// graphics card it takes seconds.
func (l look) Size(name fyne.ThemeSizeName) float32 {
	if l.plain && strings.HasSuffix(string(name), "Radius") {
		return 0
	}
	if size, ours := sizes[name]; ours {
		return size
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
