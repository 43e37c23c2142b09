package ui

import (
	"os"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
)

// View is the window's widgets. They are built once; Render shows a state and
// do is told what the user did. It decides nothing.
type View struct {
	do     *presenter.Presenter // from Bind on
	texts  *i18n.Texts
	window fyne.Window
	keys   *bindings
	fields map[presenter.Field]fieldWidget
	rows   []*fieldRow // of the fields

	toolbar  *toolbar
	practice *practiceBar
	notice   *noticeBar
	welcome  *part[presenter.Welcome]
	overview *overviewPage
	takeover *part[presenter.TakeoverState]
	queue    *part[presenter.QueueState]
	server   *serverForm
	oauth    *oauthForm
	auth     *authCard
	test     *testCard
	product  *productCard
	setup    *assistantCard
	halves   *halves
	body     *fyne.Container
	root     *fyne.Container
	seen     fyne.CanvasObject // is to be scrolled to
	folder   string            // in which a file was chosen last
	replaced string            // file that the open dialog may replace
	about    About
	state    presenter.State // as it was shown last
	sheets   []*sheet        // that are open, the topmost last
	entered  bool            // the window
	first    fyne.Focusable  // has the keys from then on
}

// NewView builds the window's content and puts it into the window.
func NewView(window fyne.Window, texts *i18n.Texts) *View {
	v := newView(window, texts)
	v.enter()
	return v
}

// Bind lets the window's widgets tell the presenter what the user does.
func (v *View) Bind(do *presenter.Presenter) { v.do = do }

func (v *View) enter() {
	v.window.SetPadded(false)
	v.window.SetContent(newFrame(v.root, v.sheet))
	v.entered = true
	v.keys.attach(v.window.Canvas())
	if v.first != nil {
		v.focus(v.first)
	}
}

// newView builds the view, which does nothing to the window before it enters it.
func newView(window fyne.Window, texts *i18n.Texts) *View {
	v := &View{texts: texts, window: window, fields: map[presenter.Field]fieldWidget{}}
	v.folder, _ = os.UserHomeDir()
	v.keys = &bindings{
		everywhere: map[fyne.KeyName]func(){fyne.KeyEscape: v.escape, fyne.KeyTab: v.tab},
		sheet:      func() bool { return v.sheet() != nil },
		wheel:      v.scroll,
		plain:      map[fyne.KeyName]func(){fyne.KeyF5: v.testByKey},
		ctrl:       map[fyne.KeyName]func(){fyne.KeyN: func() { v.leaveField(); v.do.NewMailbox() }, fyne.KeyR: func() { v.leaveField(); v.do.Request() }, fyne.KeyF: v.find},
	}
	v.toolbar, v.practice, v.notice, v.welcome = v.newToolbar(), v.newPracticeBar(), v.newNoticeBar(), v.newWelcomePage()
	v.server, v.oauth, v.auth, v.test, v.product = v.newServerForm(), v.newOAuthForm(), v.newAuthCard(), v.newTestCard(), v.newProductCard()
	v.setup, v.overview, v.takeover, v.queue = v.newAssistantCard(), v.newOverviewPage(), v.newTakeoverPage(), v.newQueuePage()
	v.halves = newHalves(v, newColumn(gapCard, v.practice.card, v.server.object, v.oauth.object), newColumn(gapCard, v.setup.object, v.auth.object, v.test.object, v.product.object),
		v.t("ui.tab.settings"), v.t("ui.tab.results"))
	v.halves.onTight = v.oauth.setTight
	v.body = container.NewStack(v.halves.object, v.overview.object, v.takeover.object, v.queue.object, v.welcome.object, v.notice.object)
	bars := newColumn(0, v.toolbar.object, widget.NewSeparator(), v.practice.object)
	v.root = container.New(column{flex: 1}, bars, v.body)
	return v
}

// Render shows a state.
func (v *View) Render(s presenter.State) {
	was := v.state
	v.state = s
	if s.Lost {
		v.letGo()
	}
	if s.Opened {
		for _, row := range []*secretRow{v.server.password, v.oauth.secret, v.oauth.proxy} {
			row.entry.set("") // it was for the other one
		}
		clear(v.setup.open)
		v.halves.toTop()
	}
	v.toolbar.set(s)
	v.notice.set(s.Notice)
	for _, open := range v.sheets {
		if open.render != nil {
			open.render(s)
		}
	}
	show(v.halves.object, s.Welcome == nil && s.Selected >= 0)
	v.practice.set(s.Practice)
	if s.Selected >= 0 {
		v.setFields(s.Form)
		v.server.set(s.Form)
		v.oauth.set(s.Form)
		v.auth.set(s.Auth)
		v.test.set(s.Test)
		v.product.set(s.Product)
		v.setup.set(s.Assistant)
	}
	v.welcome.set(s.Welcome)
	v.overview.set(s.Overview)
	v.takeover.set(s.Takeover)
	v.queue.set(s.Queue)
	v.follow(was, s)
	v.arrange()
	v.reveal(was, s)
	v.pointAt(s.Point)
	if s.SignedIn && s.Test.Primary && v.window.Canvas().Focused() == v.auth.request {
		v.focus(v.test.test) // the keys are at what comes next
	}
}

// pointAt puts the cursor into a field, wherever that is.
func (v *View) pointAt(f presenter.Field) {
	if w := v.fields[f]; w != nil {
		v.halves.choose(false)
		v.halves.reveal(w)
		v.focus(w)
	}
}

// reveal scrolls to what has just been opened or found.
func (v *View) reveal(was, s presenter.State) {
	ended := was.Test.Running && !s.Test.Running
	watches := func(s presenter.State) bool { return s.Test.Watch != nil && s.Test.Watch.Running }
	if s.Test.Watch != nil && (watches(s) != watches(was) || ended && len(s.Test.Watch.Attempts) == 1) {
		v.seen = v.test.watch.object // later attempts leave the eye where it is
	}
	if box := v.test.found(); ended && !s.Test.CanCancel && box != nil {
		v.seen = box
	}
	trips := func(s presenter.State) bool { return s.Test.RoundTrip != nil && s.Test.RoundTrip.Running }
	if trips(s) != trips(was) {
		v.seen = v.test.tripBox.object
	}
	proposes := func(s presenter.State) bool { return s.Auth.Waiting != nil && s.Auth.Waiting.Way != "" }
	if proposes(s) && !proposes(was) { // no browser came up: the eye is here
		v.seen = v.auth.waiting.next
	}
	if v.seen != nil {
		v.halves.reveal(v.seen)
		v.seen = nil
		trace(v)
	}
}

// follow opens the tab where something began to happen.
func (v *View) follow(was, s presenter.State) {
	runs := func(s presenter.State) bool { return s.Test.Running || s.Auth.Waiting != nil }
	opened := s.Panels.Assistant && !was.Panels.Assistant
	if runs(s) && !runs(was) || opened {
		v.halves.choose(true)
	}
	if s.Auth.Waiting != nil && !runs(was) {
		v.seen = v.auth.waiting.object
	}
	if opened {
		v.seen = v.setup.object
	}
	if s.Panels.More != was.Panels.More {
		v.oauth.more.setOpen(s.Panels.More)
	}
}

func (v *View) arrange() {
	if v.root != nil {
		arrange(v.root)
		trace(v)
	}
}

func (v *View) t(key string, pairs ...string) string { return v.texts.Text(key, i18n.Pairs(pairs...)) }

// tIf is a text where something holds, else "".
func (v *View) tIf(holds bool, key string, pairs ...string) string {
	if !holds {
		return ""
	}
	return v.t(key, pairs...)
}

// focus gives the keys to a widget, before the view enters its window: then.
func (v *View) focus(w fyne.Focusable) {
	if v.first = w; v.entered {
		// The toolkit forgets the renderers of what was not seen for a minute, and
		// finds nothing below them; being measured makes them anew.
		walk(v.root, func(o fyne.CanvasObject) {
			o.MinSize()
			if page, ok := o.(*container.Scroll); ok {
				page.Base.Refresh() // which is measured without one
			}
		})
		v.window.Canvas().Focus(w)
	}
}

// leaveField makes the field with the cursor hand over its value before
// something works with it.
func (v *View) leaveField() {
	if e, ok := v.window.Canvas().Focused().(*entry); ok && e.onLeave != nil {
		e.onLeave()
	}
}

// letGo closes everything that was about the mailbox which was open, and takes
// the cursor out of its field without handing anything over: what is typed or
// chosen next would go into another mailbox.
func (v *View) letGo() {
	for s := v.sheet(); s != nil; s = v.sheet() {
		s.close()
	}
	c := v.window.Canvas()
	for top := c.Overlays().Top(); top != nil; top = c.Overlays().Top() {
		top.Hide()
		c.Overlays().Remove(top)
	}
	if e, ok := c.Focused().(*entry); ok {
		leave := e.onLeave
		e.onLeave = nil
		defer func() { e.onLeave = leave }()
	}
	c.Unfocus()
}

// deleteMailbox deletes the open mailbox. Another one is shown in its place, and
// the cursor goes to the list: what is typed next would change that one.
func (v *View) deleteMailbox() {
	v.leaveField()
	v.letGo()
	v.do.Delete()
	if v.halves.object.Visible() {
		v.focus(v.toolbar.list)
	}
}

// escape closes what is on top, or cancels what runs.
func (v *View) escape() {
	if s := v.sheet(); s != nil {
		s.close()
	} else if top := v.window.Canvas().Overlays().Top(); top != nil {
		top.Hide()
	} else if v.state.Notice != nil && (v.state.Auth.Waiting != nil || v.state.Queue != nil) { // a sign-in is not to be lost for it
		v.do.Dismiss()
	} else {
		v.do.Cancel()
	}
}

// tab goes to the next widget that does something, or to the one before. The
// toolkit would stop, unseen, at every text that can be selected, where no key is
// heard, and begin at the top where what has the keys is gone or does nothing now.
func (v *View) tab() {
	c, page, step := v.window.Canvas(), fyne.CanvasObject(v.root), 1
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0 {
		step = -1
	}
	s := v.sheet()
	if s != nil {
		page = s.popup.Content
	}
	var all []fyne.CanvasObject
	walkIn(page, func(o fyne.CanvasObject) bool {
		if f, ok := o.(fyne.Tabbable); ok && f.AcceptsTab() {
			all = append(all, o)
		}
		return true
	})
	usable := map[fyne.CanvasObject]bool{}
	walk(page, func(o fyne.CanvasObject) {
		d, ok := o.(fyne.Disableable)
		usable[o] = !ok || !d.Disabled()
	})
	at, _ := c.Focused().(fyne.CanvasObject)
	from := slices.Index(all, at)
	if from < 0 && step < 0 {
		from = 0
	}
	for i := 1; i <= len(all); i++ {
		o := all[(from+step*i+len(all))%len(all)]
		if !usable[o] {
			continue
		}
		c.Focus(o.(fyne.Focusable))
		if s == nil {
			v.halves.reveal(o)
		} else if s.page != nil {
			reveal(s.page, o)
		}
		return
	}
}

// testByKey tests, and shows that it does: the test's card may be out of sight.
func (v *View) testByKey() {
	if v.state.Takeover != nil { // there is nothing to test
		v.do.ReadAgain()
		return
	}
	v.leaveField()
	v.do.Test()
	if v.state.Test.Running {
		v.halves.reveal(v.test.summary.object)
	}
}

// find puts the cursor where one types what to look for, which from a mailbox is
// in the overview.
func (v *View) find() {
	if v.halves.object.Visible() {
		v.leaveField()
		v.do.ShowOverview()
	}
	if v.overview.object.Visible() {
		v.focus(v.overview.filter)
	}
}

// menuItem is a line of a menu, which may be inactive. The toolkit's Enter does
// what a line does though it is (Fyne 2.8).
func (v *View) menuItem(key string, active bool, do func()) *fyne.MenuItem {
	if !active {
		do = nil
	}
	m := fyne.NewMenuItem(v.t(key), do)
	m.Disabled = !active
	return m
}
