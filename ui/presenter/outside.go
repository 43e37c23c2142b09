package presenter

// CopyText puts a text on the clipboard and says whether it arrived.
func (p *Presenter) CopyText(text string) {
	p.copied(text)
	p.render()
}

func (p *Presenter) copied(text string) bool {
	done := p.c.Copy(text)
	p.tell(Notice{Text: p.text(map[bool]string{true: "ui.notice.copied", false: "ui.notice.not-copied"}[done]), Bad: !done})
	return done
}

// OpenLink opens one of our own links in the browser.
func (p *Presenter) OpenLink(link string) {
	p.trying(func() error { return p.c.Open(link) }, func(error) Notice {
		return Notice{Text: p.text("ui.notice.not-opened", "link", link), Link: link, Bad: true}
	})
}

// trying does something beside the window that may fail; told is its notice then.
func (p *Presenter) trying(do func() error, told func(error) Notice) {
	p.Beside(func() func() {
		err := do()
		return func() {
			if err != nil {
				p.tell(told(err))
			}
		}
	})
}
