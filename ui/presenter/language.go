package presenter

import "mailgrant/internal/i18n"

// Language is the setting of the window's language. It holds from the next
// start on: the window's words are made once.
type Language struct {
	Chosen i18n.Language // "": that of the system
	Fixed  bool          // this window was asked for in a language, which holds before the setting
	Never  bool          // in practice nothing is kept: it cannot be chosen
}

// ChooseLanguage keeps the language of the window; "" is that of the system.
func (p *Presenter) ChooseLanguage(l i18n.Language) {
	p.keep(func(r *Remembered) { r.Language = l })
	p.render()
}

func (p *Presenter) language() Language {
	return Language{p.c.Notes.Kept().Language, p.c.LanguageFixed, p.c.Practice != nil}
}
