package presenter

// Beside does work next to the window: whatever may wait for a disk, a keyring
// or a service, or takes long by itself. What it returns is then done on the
// window's goroutine, and the window drawn, unless it was closed meanwhile.
func (p *Presenter) Beside(work func() (then func())) {
	go func() { p.back(work()) }()
}

// back leads from work beside the window to the window's goroutine.
func (p *Presenter) back(then func()) { p.backIf(func() bool { return true }, then) }

// backIf is back with what is dropped where it no longer matters by then.
func (p *Presenter) backIf(matters func() bool, then func()) {
	p.c.Dispatch(func() {
		if !p.closed && matters() {
			then()
			p.render()
		}
	})
}

// beside runs work next to the window that needs the entry as it is saved, and
// its secrets.
func (e *entry) beside(work func()) {
	wait := e.arrival()
	go func() {
		wait()
		work()
	}()
}

// arrival returns what waits until the entry is saved, and until secrets that
// are on their way have arrived.
func (e *entry) arrival() (wait func()) {
	carried, saving := e.carried, e.saving
	return func() {
		if saving != nil {
			<-saving.done
		}
		if carried != nil {
			<-carried
		}
	}
}
