package presenter

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
