package ui

import (
	"embed"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// The icons. Those of a status have a shape of their own each, so that colour is
// never the only difference. Holes are drawn against the outline's direction:
// Fyne fills by the non-zero rule.
//
//go:embed icons
var icons embed.FS

func icon(name string) fyne.Resource {
	data, err := icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(err) // the program begins with all of them
	}
	return fyne.NewStaticResource("mailgrant-"+name+".svg", data)
}

var (
	iconGood    = theme.NewSuccessThemedResource(icon("good"))
	iconBad     = theme.NewErrorThemedResource(icon("bad"))
	iconWarning = theme.NewWarningThemedResource(icon("warning"))
	iconRunning = theme.NewPrimaryThemedResource(icon("running"))
	iconPending = theme.NewDisabledResource(icon("pending"))
	iconSkipped = theme.NewDisabledResource(icon("skipped"))
	iconOutside = theme.NewColoredResource(icon("outside"), theme.ColorNameHyperlink)
	iconTried   = theme.NewDisabledResource(icon("tried"))
	iconClosed  = theme.NewThemedResource(icon("closed"))
	iconOpen    = theme.NewThemedResource(icon("open"))
	iconLink    = theme.NewThemedResource(icon("link"))
	iconMore    = theme.NewThemedResource(icon("more"))
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
