package presenter

import (
	"mailgrant/internal/i18n"
)

// Notes keeps what belongs to the window and not to a mailbox.
type Notes interface {
	LoadDrafts() []Draft
	SaveDrafts([]Draft) error
	Kept() Remembered
	Keep(Remembered)
}

// Remembered is what the window knows from one start to the next.
type Remembered struct {
	Mailbox  string             `json:"mailbox"`            // that was open last; "": the overview, or none
	Product  Product            `json:"product"`            // that was chosen last
	Products map[string]Product `json:"products,omitempty"` // those that were chosen for mailboxes, by their names
	Panels   Panels             `json:"panels"`
	Language i18n.Language      `json:"language,omitempty"` // of the window; "": that of the system
	Trip     string             `json:"trip,omitempty"`     // mailboxes whose round trips the closing of the window ended, as they are told; "": none
}

// keep changes what the window remembers.
func (p *Presenter) keep(change func(*Remembered)) {
	kept := p.c.Notes.Kept()
	change(&kept)
	p.c.Notes.Keep(kept)
}

// Product is a server product. A mailbox for which none was chosen has the one
// that was chosen last: who sets up several often does so for one product.
type Product struct {
	ID   string `json:"id,omitempty"`
	Host string `json:"host,omitempty"` // its own address, as it was entered
}

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

// Panels says which parts of the window are open. It is remembered.
type Panels struct {
	Assistant bool `json:"assistant,omitempty"` // the setup assistant
	More      bool `json:"more,omitempty"`      // the further settings of the OAuth configuration
}

// ShowAssistant opens or closes the setup assistant.
func (p *Presenter) ShowAssistant(open bool) {
	p.keep(func(r *Remembered) { r.Panels.Assistant = open })
	p.render()
}

// ShowMore remembers whether the further settings are open; the view has
// opened them already.
func (p *Presenter) ShowMore(open bool) {
	p.keep(func(r *Remembered) { r.Panels.More = open })
}
