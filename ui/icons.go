package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// The status icons. Each has a shape of its own, so that colour is never the
// only difference. Holes are drawn against the outline's direction: Fyne fills
// by the non-zero rule.
const (
	disc     = `M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0 -20z`
	ring     = disc + `M12 4a8 8 0 1 1 0 16a8 8 0 1 1 0 -16z`
	tick     = `M10.6 16.8L5.9 12.1L7.4 10.6L10.6 13.8L16.6 7.8L18.1 9.3z`
	cross    = `M12 10.4L15.4 7L17 8.6L13.6 12L17 15.4L15.4 17L12 13.6L8.6 17L7 15.4L10.4 12L7 8.6L8.6 7z`
	triangle = `M12 2.5L1.2 21.5L22.8 21.5z`
	bang     = `M10.9 9L13.1 9L13.1 15L10.9 15zM10.9 16.6L13.1 16.6L13.1 18.8L10.9 18.8z`
	dots     = `M6 10.6L8.8 10.6L8.8 13.4L6 13.4zM10.6 10.6L13.4 10.6L13.4 13.4L10.6 13.4zM15.2 10.6L18 10.6L18 13.4L15.2 13.4z`
	dash     = `M7 11L17 11L17 13L7 13z`
	chevronR = `M9 6L15 12L9 18L7.6 16.6L12.2 12L7.6 7.4z`
	chevronD = `M6 9L7.4 7.6L12 12.2L16.6 7.6L18 9L12 15z`
	link     = `M4 5L11 5L11 7L6 7L6 18L17 18L17 13L19 13L19 20L4 20zM13 4L20 4L20 11L18 11L18 7.4L11.4 14L10 12.6L16.6 6L13 6z`
	arrow    = `M12.6 6.6L18 12L12.6 17.4L11.2 16L14.2 13L6 13L6 11L14.2 11L11.2 8z`
	lens     = `M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0 -14zM10 5a5 5 0 1 1 0 10a5 5 0 1 1 0 -10zM15.4 14L21.4 20L20 21.4L14 15.4z`
	more     = `M12 4a2 2 0 1 0 0 4a2 2 0 1 0 0 -4zM12 10a2 2 0 1 0 0 4a2 2 0 1 0 0 -4zM12 16a2 2 0 1 0 0 4a2 2 0 1 0 0 -4z`
)

func icon(name, path string) fyne.Resource {
	return fyne.NewStaticResource("mailgrant-"+name+".svg",
		[]byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#000000" d="`+path+`"/></svg>`))
}

var (
	iconGood    = theme.NewSuccessThemedResource(icon("good", disc+tick))
	iconBad     = theme.NewErrorThemedResource(icon("bad", disc+cross))
	iconWarning = theme.NewWarningThemedResource(icon("warning", triangle+bang))
	iconRunning = theme.NewPrimaryThemedResource(icon("running", disc+dots))
	iconPending = theme.NewDisabledResource(icon("pending", ring))
	iconSkipped = theme.NewDisabledResource(icon("skipped", ring+dash))
	iconOutside = theme.NewColoredResource(icon("outside", ring+arrow), theme.ColorNameHyperlink)
	iconTried   = theme.NewDisabledResource(icon("tried", lens))
	iconClosed  = theme.NewThemedResource(icon("closed", chevronR))
	iconOpen    = theme.NewThemedResource(icon("open", chevronD))
	iconLink    = theme.NewThemedResource(icon("link", link))
	iconMore    = theme.NewThemedResource(icon("more", more))
)

var markIcons = map[presenter.Mark]fyne.Resource{
	presenter.MarkGood: iconGood, presenter.MarkBad: iconBad, presenter.MarkWarning: iconWarning, presenter.MarkRunning: iconRunning,
	presenter.MarkPending: iconPending, presenter.MarkSkipped: iconSkipped, presenter.MarkTried: iconTried, presenter.MarkOutside: iconOutside,
}

// setMark shows the icon of a status, without work if it is shown already.
func setMark(icon *widget.Icon, m presenter.Mark) {
	if icon.Resource != markIcons[m] {
		icon.SetResource(markIcons[m])
	}
}
