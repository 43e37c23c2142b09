package ui_test

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/i18n"
	"mailgrant/internal/native/accessibility"
	"mailgrant/ui"
	"mailgrant/ui/scripted"
)

// What has to stand out how much from its ground: text (WCAG 2.2, 1.4.3) and
// what else has to be seen (1.4.11).
const (
	textContrast = 4.5
	signContrast = 3
)

// luminance is the relative luminance of WCAG.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// over paints a colour, which may be translucent, on an opaque ground.
func over(c color.Color, ground color.NRGBA) color.NRGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	mix := func(a, b uint8) uint8 {
		return uint8((int(a)*int(n.A) + int(b)*(255-int(n.A)) + 127) / 255)
	}
	return color.NRGBA{mix(n.R, ground.R), mix(n.G, ground.G), mix(n.B, ground.B), 0xff}
}

var (
	looks = map[string]fyne.Theme{
		"usual": ui.Look(), "calm": ui.PlainLook(),
		"high contrast": ui.ContrastLook(ui.Look(), contrastBlack), "high contrast, white": ui.ContrastLook(ui.PlainLook(), contrastWhite),
	}
	variants = map[string]fyne.ThemeVariant{"light": theme.VariantLight, "dark": theme.VariantDark}
)

// Two of Windows' own high-contrast themes.
var (
	contrastBlack = accessibility.Contrast{
		Window: rgb(0), WindowText: rgb(0xffffff), Highlight: rgb(0x1aebff), HighlightText: rgb(0), Link: rgb(0xffff00), GrayText: rgb(0x3ff23f),
	}
	contrastWhite = accessibility.Contrast{
		Window: rgb(0xffffff), WindowText: rgb(0), Highlight: rgb(0x37006e), HighlightText: rgb(0xffffff), Link: rgb(0x00009f), GrayText: rgb(0x600000),
	}
)

func rgb(v uint32) color.NRGBA { return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} }

// In a high-contrast theme only its own colours are used, and buttons can be
// told from their ground.
func TestHighContrastIsFollowed(t *testing.T) {
	a := test.NewTempApp(t)
	now, on := contrastBlack, false
	look := ui.FollowContrast(a, ui.Look(), func() (accessibility.Contrast, bool) { return now, on })
	if got := a.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight); sameColor(got, now.Window) {
		t.Error("high contrast without being asked for")
	}
	on = true
	look()
	own := []color.NRGBA{now.Window, now.WindowText, now.Highlight, now.HighlightText, now.Link, now.GrayText}
	for _, name := range ui.OwnColors() {
		c := color.NRGBAModel.Convert(a.Settings().Theme().Color(name, theme.VariantLight)).(color.NRGBA)
		if c.A != 0xff {
			continue // a veil over one of them
		}
		if !slices.Contains(own, c) {
			t.Errorf("%s is %v", name, c)
		}
	}
	on = false
	look()
	if got := a.Settings().Theme().Color(theme.ColorNameBackground, theme.VariantLight); sameColor(got, now.Window) {
		t.Error("it stays when it was switched off")
	}
}

// Every pair of colours that the theme puts on each other.
func TestContrast(t *testing.T) {
	grounds := []fyne.ThemeColorName{
		theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameOverlayBackground, theme.ColorNameMenuBackground, theme.ColorNameHeaderBackground,
		"mailgrantCard", "mailgrantBar", "mailgrantDialog", "mailgrantWell", "mailgrantBadTint", "mailgrantWarnTint", "mailgrantGoodTint", "mailgrantPractice",
	}
	for lookName, look := range looks {
		for variantName, v := range variants {
			base := over(look.Color(theme.ColorNameBackground, v), color.NRGBA{A: 0xff})
			check := func(front fyne.ThemeColorName, least float64, layers ...fyne.ThemeColorName) {
				ground := base
				for _, name := range layers {
					ground = over(look.Color(name, v), ground)
				}
				if got := contrast(over(look.Color(front, v), ground), ground); got < least {
					t.Errorf("%s, %s: %s on %s: %.2f:1", lookName, variantName, front, layers, got)
				}
			}
			for _, ground := range grounds {
				for _, text := range []fyne.ThemeColorName{theme.ColorNameForeground, theme.ColorNamePlaceHolder, theme.ColorNameDisabled, theme.ColorNameHyperlink, theme.ColorNameError, theme.ColorNameWarning} {
					check(text, textContrast, ground)
				}
				check(theme.ColorNameSuccess, signContrast, ground)
				check(theme.ColorNameInputBorder, signContrast, ground)
				if !strings.HasSuffix(string(ground), "Tint") { // a finding has none
					check(theme.ColorNamePrimary, signContrast, ground)
				}
				// Links and lines of lists under the pointer, and selected text.
				for _, state := range []fyne.ThemeColorName{theme.ColorNameHover, theme.ColorNamePressed, theme.ColorNameSelection, theme.ColorNameFocus} {
					check(theme.ColorNameForeground, textContrast, ground, state)
				}
			}
			for _, b := range []struct{ words, ground fyne.ThemeColorName }{
				{theme.ColorNameForeground, theme.ColorNameButton},
				{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
				{theme.ColorNameForegroundOnError, theme.ColorNameError},
				{theme.ColorNameForegroundOnWarning, theme.ColorNameWarning},
				{theme.ColorNameForegroundOnSuccess, theme.ColorNameSuccess},
			} {
				check(b.words, textContrast, b.ground)
				check(b.words, textContrast, b.ground, theme.ColorNameHover)
			}
			check(theme.ColorNameDisabled, signContrast, theme.ColorNameDisabledButton)
		}
	}
}

// fixedLook is a theme whose variant does not follow the system.
type fixedLook struct {
	fyne.Theme
	variant fyne.ThemeVariant
}

// Color implements fyne.Theme.
func (f fixedLook) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	return f.Theme.Color(name, f.variant)
}

// painted is a surface that was painted before what is painted now.
type painted struct {
	at   box
	fill color.Color
}

// contrasts walks what is drawn in the painter's order and finds texts that do
// not stand out from what lies below them.
type contrasts struct {
	t      *testing.T
	ground color.NRGBA
	below  []painted
	texts  int
}

func (c *contrasts) walk(o fyne.CanvasObject, at fyne.Position) {
	if o == nil || !o.Visible() {
		return
	}
	at = at.Add(o.Position())
	if scroll, ok := o.(*container.Scroll); ok {
		at = at.Add(scroll.Offset)
	}
	size := o.Size()
	switch o := o.(type) {
	case *canvas.Rectangle:
		if o.FillColor != nil {
			c.below = append(c.below, painted{box{at.X, at.Y, size.Width, size.Height}, o.FillColor})
		}
	case *canvas.Text:
		c.check(o, at)
	case *fyne.Container:
		for _, child := range o.Objects {
			c.walk(child, at)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			c.walk(child, at)
		}
	}
}

func (c *contrasts) check(o *canvas.Text, at fyne.Position) {
	if o.Text == "" {
		return
	}
	c.texts++
	ground := c.ground
	x, y := at.X+1, at.Y+o.Size().Height/2
	for _, p := range c.below {
		if x >= p.at.x && x <= p.at.x+p.at.w && y >= p.at.y && y <= p.at.y+p.at.h {
			ground = over(p.fill, ground)
		}
	}
	if got := contrast(over(o.Color, ground), ground); got < textContrast {
		c.t.Errorf("%q in %v on %v: %.2f:1", o.Text, o.Color, ground, got)
	}
}

// recolour is what the toolkit does where the look changes, without laying out.
func recolour(o fyne.CanvasObject) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			recolour(child)
		}
	case fyne.Widget:
		r := test.WidgetRenderer(o)
		for _, child := range r.Objects() {
			recolour(child)
		}
		r.Refresh()
	}
}

// Every text of every state stands out from what it really lies on, in each look
// that the open window may be given.
func TestEveryTextStandsOut(t *testing.T) {
	now := &fixedLook{ui.Look(), theme.VariantLight}
	for _, scene := range scripted.Scenes {
		t.Run(scene.Name, func(t *testing.T) {
			s := openIn(t, now, scene.Name, i18n.English, 1280, 800)
			for lookName, look := range looks {
				for variantName, v := range variants {
					t.Run(lookName+"/"+variantName, func(t *testing.T) {
						*now = fixedLook{look, v}
						recolour(s.Window.Content())
						c := contrasts{t: t, ground: over(look.Color(theme.ColorNameBackground, v), color.NRGBA{A: 0xff})}
						c.walk(s.Window.Content(), fyne.NewPos(0, 0))
						if c.texts < 5 {
							t.Errorf("only %d texts were seen", c.texts)
						}
					})
				}
			}
		})
	}
}
