package ui

import (
	"log/slog"

	"fyne.io/fyne/v2/container"

	"mailgrant/internal/i18n"
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

// KeptLanguage is the language that was chosen for the window of a home
// folder; "" where it is to be that of the system.
func KeptLanguage(home string) i18n.Language {
	return NewNotes(home, slog.New(slog.DiscardHandler)).Kept().Language
}

// showLanguage chooses the language of the window. Each is called by its own
// name, for whoever cannot read the one that is shown.
func (v *View) showLanguage() {
	options := []option{{"", v.t("ui.language.system")}}
	for _, l := range i18n.Languages {
		options = append(options, option{string(l), v.t("ui.language." + string(l))})
	}
	if v.state.Language.Never {
		s := v.newSheet(v.t("ui.language.title"))
		s.show(420, 200, newText(style{}, v.t("ui.language.practice")).object, s.closeButton("ui.dialog.close"))
		return
	}
	later := newText(style{dim: true}, v.t("ui.language.later"))
	fixed := newStatus(style{})
	list := newChoice(v.keys, options, func(l string) { v.do.ChooseLanguage(i18n.Language(l)) })
	s := v.newSheet(v.t("ui.language.title"))
	s.render = func(st presenter.State) {
		list.set(string(st.Language.Chosen))
		fixed.set(presenter.Line{Mark: presenter.MarkWarning, Text: v.tIf(st.Language.Fixed, "ui.language.fixed")})
	}
	s.render(v.state)
	s.show(420, 230, newColumn(10, list, later.object, fixed.object), s.closeButton("ui.dialog.close"))
	v.focus(list)
}

// showRenewal says whether the weekly renewal exists and switches it.
func (v *View) showRenewal() {
	s, status, wrong := v.newSheet(v.t("ui.renewal.title")), newStatus(style{}), newText(style{pick: true}, "")
	toggle := newPrimary(v.keys, v.t("ui.renewal.install"), func() { v.do.SwitchRenewal(!v.state.Renewal.On) })
	s.show(520, 380, newColumn(10, newText(style{}, v.t("ui.renewal.what")).object, newText(style{dim: true}, v.t("ui.renewal.limit")).object,
		status.object, wrong.object), toggle, s.closeButton("ui.dialog.close"))
	s.render = func(st presenter.State) {
		r := st.Renewal // there is no sheet without a scheduler
		mark, key := presenter.MarkPending, "off"
		switch {
		case r.Busy:
			mark, key = presenter.MarkRunning, "asking"
		case !r.Known:
			mark, key = presenter.MarkWarning, "unknown"
		case r.On:
			mark, key = presenter.MarkGood, "on"
		}
		status.set(presenter.Line{Mark: mark, Text: v.t("ui.renewal." + key)})
		wrong.set(r.Wrong)
		toggle.setWords(v.t(map[bool]string{true: "ui.renewal.remove", false: "ui.renewal.install"}[r.On]))
		enable(toggle, !r.Busy)
		s.arrange()
	}
	v.do.AskRenewal()
}
