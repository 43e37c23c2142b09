package ui

import (
	"fyne.io/fyne/v2/container"

	"mailgrant/ui/presenter"
)

// About is what the window says about the program.
type About struct {
	Name, Version string
	Renderer      string // hardware or software
	Home          string // folder of everything that is kept
}

// showAbout says which program this is, how it draws and where it keeps things.
func (v *View) showAbout() {
	facts := newColumn(6)
	for _, f := range []struct{ key, value string }{
		{"ui.about.version", v.about.Version}, {"ui.about.renderer", v.rendererName()}, {"ui.about.home", v.about.Home},
	} {
		if f.value != "" {
			facts.Add(newText(style{dim: true, size: sizeSmall}, v.t(f.key)).object)
			facts.Add(newText(style{pick: true}, f.value).object)
		}
	}
	facts.Add(newText(style{dim: true}, v.t("ui.about.licence")).object)
	s := v.newSheet(v.about.Name)
	s.show(480, 310, facts, s.closeButton("ui.dialog.close"))
}

// showLife tells all that is known of an authorization and of its end.
func (v *View) showLife(facts []presenter.Fact) {
	rows := newColumn(8)
	for _, f := range facts {
		rows.Add(newColumn(2, newText(style{dim: true, size: sizeSmall}, f.Name).object, newText(style{pick: true}, f.Value).object))
	}
	s := v.newSheet(v.t("ui.life.title"))
	s.show(560, 640, container.NewVScroll(rows), s.closeButton("ui.dialog.close"))
}

// rendererName puts the way of drawing into words.
func (v *View) rendererName() string {
	if key := "ui.about.renderer." + v.about.Renderer; v.texts.Has(key) {
		return v.t(key)
	}
	return v.about.Renderer
}
