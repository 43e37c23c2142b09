//go:build windows && wine

package accessibility

import (
	"image/color"
	"testing"

	"golang.org/x/sys/windows/registry"
)

// The settings as Windows keeps them.
func TestWineAccessibility(t *testing.T) {
	set := func(path string, do func(registry.Key) error) {
		t.Helper()
		k, _, err := registry.CreateKey(registry.CURRENT_USER, path, registry.SET_VALUE)
		if err == nil {
			err = do(k)
			k.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	flags := func(v string) {
		t.Helper()
		set(`Control Panel\Accessibility\HighContrast`, func(k registry.Key) error { return k.SetStringValue("Flags", v) })
	}
	scale := func(v uint32) {
		t.Helper()
		set(`Software\Microsoft\Accessibility`, func(k registry.Key) error { return k.SetDWordValue("TextScaleFactor", v) })
	}
	t.Cleanup(func() { flags("126"); scale(100) })
	flags("126") // as Windows has it when high contrast is off
	if _, on := HighContrast(); on {
		t.Error("on though it is off")
	}
	flags("127")
	c, on := HighContrast()
	if !on || c.Window == c.WindowText || c.WindowText.A != 0xff || c.Window == (color.NRGBA{}) {
		t.Errorf("%t, %+v", on, c)
	}
	for percent, want := range map[uint32]float64{100: 1, 150: 1.5, 225: 2.25, 0: 1, 900: 1} {
		scale(percent)
		if got := TextScale(); got != want {
			t.Errorf("%d %%: %v", percent, got)
		}
	}
}
