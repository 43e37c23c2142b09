package ui

import (
	_ "embed"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// patch is a rectangle in one colour, for the plain look. It has a shader of its
// own, for that of the toolkit's rectangles works out a shadow and a stroke for
// each pixel, also where there is none. Only OpenGL paints it; where a driver
// does not take it the toolkit's rectangle stands in its place.
type patch struct {
	shader  *canvas.Shader
	instead *canvas.Rectangle
}

// shaderNames begin so, also in what the toolkit logs about a shader.
const shaderNames = "mailgrant-"

// shaderless tells that the driver does not take our shaders. Only the window's
// goroutine uses it.
var shaderless bool

// WithoutShaders paints all windows with the toolkit's rectangles from now on.
// It is called on the window's goroutine, but not while that paints.
func WithoutShaders() {
	shaderless = true
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		for _, o := range append(w.Canvas().Overlays().List(), w.Content()) {
			if o != nil {
				o.Refresh()
			}
		}
	}
}

func newPatch(name string, source []byte) patch {
	return patch{canvas.NewShader(shaderNames+name, source, source), canvas.NewRectangle(nil)}
}

func (p patch) object() fyne.CanvasObject {
	if shaderless {
		return p.instead
	}
	return p.shader
}

func (p patch) put(x, y, width, height float32) {
	put(p.shader, x, y, width, height)
	put(p.instead, x, y, width, height)
}

func (p patch) paint(c color.Color) {
	r, g, b, _ := c.RGBA()
	p.shader.Uniforms = map[string]float32{"red": float32(r) / 0xffff, "green": float32(g) / 0xffff, "blue": float32(b) / 0xffff}
	p.instead.FillColor = c
}

//go:embed flat.frag
var flatSource []byte

// newFlat is a ground. It ends below the outline, for its shader has no edge:
// that costs the processor least.
func newFlat() patch { return newPatch("flat", flatSource) }

// outline is the line around something in the plain look: four thin
// rectangles. The stroke of one large rectangle costs the processor as much as
// painting all of it, which is half a microsecond for each pixel.
type outline [4]patch

//go:embed line.frag
var lineSource []byte

func newOutline() outline {
	var o outline
	for i := range o {
		o[i] = newPatch("line", lineSource)
	}
	return o
}

// resize puts the lines around something. The toolkit rounds the place and the
// length of each to whole pixels: half a unit less, and none ends beyond
// another where there is a fraction.
func (o outline) resize(size fyne.Size, width float32) {
	w, h := size.Width, size.Height
	o[0].put(0, 0, w-0.5, width)
	o[1].put(0, h-width, w-0.5, width)
	o[2].put(0, 0, width, h-0.5)
	o[3].put(w-width, 0, width, h-0.5)
}

func (o outline) paint(c color.Color) {
	for _, line := range o {
		line.paint(c)
	}
}

func (o outline) objects() (all []fyne.CanvasObject) {
	for _, line := range o {
		all = append(all, line.object())
	}
	return all
}
