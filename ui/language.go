package ui

import (
	"log/slog"

	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
)

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
