package ui_test

import (
	"sync/atomic"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/ui"
)

// askedTheme counts how often it is asked for a typeface.
type askedTheme struct {
	fyne.Theme
	asked *atomic.Int32
}

func (t askedTheme) Font(style fyne.TextStyle) fyne.Resource {
	t.asked.Add(1)
	return t.Theme.Font(style)
}

// Once the typefaces are read, no text waits for one.
func TestFontsAreReadBeforeTheFirstText(t *testing.T) {
	a := test.NewTempApp(t)
	var asked atomic.Int32
	a.Settings().SetTheme(askedTheme{ui.Look(), &asked})
	<-ui.ReadFonts()
	read := asked.Load()
	if read == 0 {
		t.Error("no typeface was read")
	}
	for _, bold := range []bool{false, true} {
		fyne.MeasureText("Mailgrant", 12, fyne.TextStyle{Bold: bold})
	}
	if more := asked.Load() - read; more != 0 {
		t.Errorf("the first texts asked for %d typefaces", more)
	}
}
