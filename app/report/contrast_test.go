package report

import (
	"image/color"
	"math"
	"regexp"
	"strconv"
	"testing"

	"mailgrant/assets"
)

// Every colour of words is told from what it stands on, light, dark and on
// paper: 4.5 to 1 (WCAG 2.2, 1.4.3).
func TestContrast(t *testing.T) {
	palettes := regexp.MustCompile(`:root \{([^}]*)\}`).FindAllStringSubmatch(assets.Text(forms, "report.css"), -1)
	if len(palettes) != 3 {
		t.Fatalf("%d palettes", len(palettes))
	}
	for n, palette := range palettes {
		colors := map[string]color.RGBA{}
		for _, c := range regexp.MustCompile(`--([a-z]+): #([0-9a-f]+);`).FindAllStringSubmatch(palette[1], -1) {
			colors[c[1]] = hex(c[2])
		}
		for _, words := range []string{"ink", "quiet", "good", "warn", "bad"} {
			for _, ground := range []string{"paper", "panel"} {
				if got := contrast(colors[words], colors[ground]); got < 4.5 {
					t.Errorf("palette %d: %s on %s: %.1f", n, words, ground, got)
				}
			}
		}
	}
}

func hex(s string) color.RGBA {
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	v, _ := strconv.ParseUint(s, 16, 32)
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

func contrast(a, b color.RGBA) float64 {
	light, dark := luminance(a), luminance(b)
	return (math.Max(light, dark) + 0.05) / (math.Min(light, dark) + 0.05)
}

// luminance is WCAG's relative luminance.
func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return float64(v) / 255 / 12.92
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}
