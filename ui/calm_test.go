package ui

import (
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// dress gives an application the look for a test.
func dress(t *testing.T, look fyne.Theme) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look)
	return a
}

// grounds are the surfaces that are painted, and the lines around them.
func grounds(s *surface) (painted bool, lines int) {
	objects := test.WidgetRenderer(s).Objects()
	return s.ground.FillColor != nil, len(objects) - 2
}

// seen is the colour of an outline.
func seen(o outline) color.Color { return dyed(o[0]) }

// dyed is the colour of a patch.
func dyed(p patch) color.Color {
	c := p.shader.Uniforms
	return color.RGBA64{uint16(c["red"] * 0xffff), uint16(c["green"] * 0xffff), uint16(c["blue"] * 0xffff), 0xffff}
}

func TestThePlainLookPaintsLittle(t *testing.T) {
	for name, c := range map[string]struct {
		look    fyne.Theme
		painted bool
		lines   int
		radius  float32
	}{"usual": {Look(), true, 0, 8}, "plain": {PlainLook(), false, 4, 0}} {
		t.Run(name, func(t *testing.T) {
			dress(t, c.look)
			card := newCard("Title", nil, widget.NewLabel("Text"))
			card.Resize(fyne.NewSize(200, 100))
			painted, lines := grounds(card)
			if painted != c.painted || lines != c.lines || card.ground.CornerRadius != c.radius {
				t.Errorf("card: painted %t, %d lines, radius %v", painted, lines, card.ground.CornerRadius)
			}
			if lines > 0 && (card.lines[1].shader.Position().Y != 99 || card.lines[1].shader.Size().Width != 199.5 || len(card.lines[0].shader.Uniforms) == 0) {
				t.Errorf("the lower line is at %v, %v", card.lines[1].shader.Position(), card.lines[1].shader.Size())
			}
			inner := newSurface(colorWell, colorCardBorder, 6, newColumn(0))
			if painted, lines := grounds(inner); painted != c.painted || lines != c.lines {
				t.Errorf("surface with an edge: painted %t, %d lines", painted, lines)
			}
			bar := newSurface(colorBar, "", 0, newColumn(0))
			if painted, lines := grounds(bar); painted != c.painted || lines != 0 {
				t.Errorf("surface on a ground of the same colour: painted %t, %d lines", painted, lines)
			}
			// What means something keeps its colour.
			warning := newSurface(colorWarnTint, "", 6, newColumn(0))
			if painted, lines := grounds(warning); painted != c.painted || lines != c.lines {
				t.Errorf("warning: painted %t, %d lines", painted, lines)
			}
			if c.lines > 0 && !sameColor(seen(warning.lines), theme.Color(theme.ColorNameWarning)) {
				t.Errorf("the outline of a warning is %v", seen(warning.lines))
			}
			notice := newCover(theme.ColorNameSuccess, colorCardBorder, 8, newColumn(0))
			if ground := test.WidgetRenderer(notice).Objects()[0]; c.painted != (ground == notice.ground) || !c.painted && !sameColor(dyed(notice.flat), theme.Color(theme.ColorNameSuccess)) {
				t.Errorf("what lies below a notice is seen through it: %T, %v", ground, dyed(notice.flat))
			}
			field := newChoice(nil, []option{{"a", "A"}}, nil)
			field.Resize(fyne.NewSize(200, 30))
			if n, want := large(field), map[bool]int{true: 2}[c.painted]; n != want {
				t.Errorf("a choice paints %d grounds and strokes, not %d", n, want)
			}
			for _, size := range []fyne.ThemeSizeName{theme.SizeNameInputRadius, theme.SizeNameSelectionRadius, theme.SizeNameButtonRadius, theme.SizeNamePopupRadius} {
				if got := c.look.Size(size); (got == 0) != (c.radius == 0) {
					t.Errorf("%s = %v", size, got)
				}
			}
		})
	}
}

// large counts the rectangles of a widget that cost something: those with a
// ground or a stroke, as the toolkit's painter sees it.
func large(w fyne.Widget) (n int) {
	for _, o := range test.WidgetRenderer(w).Objects() {
		r, ok := o.(*canvas.Rectangle)
		if ok && r.Size().Width*r.Size().Height > 1000 && (r.FillColor != nil && r.FillColor != color.Transparent || r.StrokeWidth > 0) {
			n++
		}
	}
	return n
}

func TestEntriesOfThePlainLookPaintOnlyTheirOutline(t *testing.T) {
	for name, c := range map[string]struct {
		look  fyne.Theme
		large int
	}{"usual": {Look(), 2}, "plain": {PlainLook(), 0}} {
		t.Run(name, func(t *testing.T) {
			dress(t, c.look)
			e := newEntry(nil, nil)
			e.Resize(fyne.NewSize(200, 30))
			if n := large(e); n != c.large {
				t.Errorf("it paints %d grounds and strokes", n)
			}
		})
	}
}

func TestTheOutlineShowsWhereTheCursorIs(t *testing.T) {
	dress(t, PlainLook())
	e := newEntry(nil, nil)
	usual, focused := theme.Color(theme.ColorNameInputBorder), theme.Color(theme.ColorNamePrimary)
	check := func(when string, want color.Color) {
		t.Helper()
		if got := seen(test.WidgetRenderer(e).(*outlined).lines); !sameColor(got, want) {
			t.Errorf("%s: %v, not %v", when, got, want)
		}
	}
	check("at first", usual)
	e.FocusGained()
	check("with the cursor", focused)
	e.FocusLost()
	check("without it again", usual)
}

// Where a driver does not take the shaders, rectangles are in their places.
func TestThePlainLookWithoutShaders(t *testing.T) {
	t.Cleanup(func() { shaderless = false })
	a := dress(t, PlainLook())
	card, e, notice := newCard("Title", nil, widget.NewLabel("Text")), newEntry(nil, nil), newCover(theme.ColorNameSuccess, colorCardBorder, 8, newColumn(0))
	w := a.NewWindow("")
	w.SetContent(newColumn(0, card, e, notice))
	w.Resize(fyne.NewSize(200, 200))
	kept, err := logged("Fyne error:  Failed to compile shader " + shaderNames + "line")
	if err != nil || !strings.Contains(kept, "Failed to compile") || !strings.Contains(kept, "rectangles instead") {
		t.Errorf("logged %q, %v", kept, err)
	}
	e.FocusGained()
	check := func(what string, o fyne.CanvasObject, want color.Color, thin bool) {
		t.Helper()
		part, ok := o.(*canvas.Rectangle)
		if !ok || !sameColor(part.FillColor, want) || thin && (min(part.Size().Width, part.Size().Height) > 2 || max(part.Size().Width, part.Size().Height) < 20) {
			t.Errorf("%s: %T %v of %+v", what, o, o.Size(), part)
		}
	}
	for name, o := range map[string]fyne.Widget{"card": card, "entry": e, "notice": notice} {
		color := map[string]color.Color{"entry": theme.Color(theme.ColorNamePrimary)}[name]
		if color == nil {
			color = theme.Color(colorCardBorder)
		}
		objects := test.WidgetRenderer(o).Objects()
		for _, part := range objects[max(0, len(objects)-4):] {
			check(name, part, color, name != "notice")
		}
	}
	check("notice's ground", test.WidgetRenderer(notice).Objects()[0], theme.Color(theme.ColorNameSuccess), false)
}

// A blinking cursor would keep the processor busy for as long as it blinks.
func TestNothingMovesInACalmApplication(t *testing.T) {
	a := dress(t, PlainLook())
	if (calm{a}).Settings().ShowAnimations() {
		t.Error("it moves")
	}
	if (calm{a}).Settings().Theme() != a.Settings().Theme() {
		t.Error("it has another theme")
	}
}

// As often as elsewhere, the time left alone would keep the processor busy.
func TestTheTimeLeftMovesSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticks, stop := slowTicker()
		defer stop()
		start := time.Now()
		<-ticks
		if passed := time.Since(start); passed < 5*time.Second || passed > 10*time.Second {
			t.Errorf("after %v", passed)
		}
	})
}

// They stand in one column and in one row.
func TestAFieldAndAChoiceHaveTheSameEdges(t *testing.T) {
	dress(t, Look())
	edges := func(w fyne.Widget) [3]float32 {
		w.Resize(fyne.NewSize(200, 32))
		for _, o := range test.WidgetRenderer(w).Objects() {
			if border, ok := isBorder(o); ok {
				at := border.Position()
				return [3]float32{at.X, at.Y, at.X + border.Size().Width}
			}
		}
		t.Fatal("no border")
		return [3]float32{}
	}
	if field, choice := edges(newEntry(nil, nil)), edges(newChoice(nil, []option{{"a", "A"}}, nil)); field != choice {
		t.Errorf("left, top and right of a field are at %v, of a choice at %v", field, choice)
	}
}
