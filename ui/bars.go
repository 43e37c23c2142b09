package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// toolbar holds the list of mailboxes and what can be done with it.
type toolbar struct {
	v       *View
	list    *choice
	add     *button
	more    *button
	explain *button
	setup   *button
	object  *surface
}

func (v *View) newToolbar() *toolbar {
	t := &toolbar{v: v}
	t.list = newChoice(v.keys, nil, t.choose)
	t.list.PlaceHolder = v.t("ui.list.none")
	t.list.lines = t.entries
	t.add = newButton(v.keys, v.t("ui.list.new"), theme.ContentAddIcon(), func() { v.do.NewMailbox() })
	t.more = newButton(v.keys, "", iconMore, t.menu)
	t.explain = newLink(v.keys, v.t("ui.explain.menu"), theme.QuestionIcon(), func() { v.showExplain() })
	t.setup = newLink(v.keys, v.t("ui.assistant.title"), theme.ListIcon(), func() { v.do.ShowAssistant(!v.state.Panels.Assistant) })
	t.object = newSurface(colorBar, "", 0, newPadded(8, gapCard, 8, gapCard,
		newRow(6, 0, container.New(row{gap: 6, most: 280}, newSpan(150, t.list), t.add, t.more), t.setup, t.explain)))
	return t
}

// choose opens a mailbox by its name: while the list is open others may come and go.
func (t *toolbar) choose(name string) { t.v.do.Select(slices.Index(t.v.state.Mailboxes, name)) }

// entries are the lines of the list, with how each mailbox stands.
func (t *toolbar) entries() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	if t.v.state.Overviews {
		item := fyne.NewMenuItem(t.v.t("ui.overview.title"), func() { t.v.leaveField(); t.v.do.ShowOverview() })
		item.Checked = t.v.state.Overview != nil
		items = append(items, item, fyne.NewMenuItemSeparator())
	}
	for i, o := range t.list.options {
		words, standing := o.words, t.v.state.Standing[i]
		if standing.Text != "" {
			words += "  ·  " + standing.Text
		}
		item := fyne.NewMenuItemWithIcon(words, markIcons[standing.Mark], func() { t.choose(o.value) })
		item.Checked = o.value == t.list.value()
		items = append(items, item)
	}
	return items
}

func (t *toolbar) menu() { t.v.keys.popUp(t.more, t.commands()...) }

func (t *toolbar) commands() []*fyne.MenuItem {
	v, selected := t.v, t.selected()
	items := []*fyne.MenuItem{
		v.menuItem("ui.list.rename", selected, v.showRename),
		v.menuItem("ui.list.duplicate", selected, func() { v.do.Duplicate() }),
		v.menuItem("ui.list.delete", selected, v.deleteMailbox),
		v.menuItem("ui.list.discard", selected && v.state.Form.CanDiscard, func() { v.do.Discard() }),
		fyne.NewMenuItemSeparator(),
		v.menuItem("ui.list.import", true, v.showImport),
		v.menuItem("ui.list.export", selected, v.showExport),
		v.menuItem("ui.list.export-"+v.exported(), len(t.list.options) > 1 && (v.state.Overview == nil || len(v.state.Overview.Rows) > 0), v.showExportAll),
		fyne.NewMenuItemSeparator(),
	}
	if v.state.Renewal != nil {
		items = append(items, v.menuItem("ui.renewal.menu", true, v.showRenewal))
	}
	return append(items, v.menuItem("ui.language.menu", true, v.showLanguage), v.menuItem("ui.about.menu", true, v.showAbout))
}

// selected tells whether there is a mailbox to do something with.
func (t *toolbar) selected() bool { return t.v.state.Selected >= 0 && t.v.state.Welcome == nil }

func (t *toolbar) set(s presenter.State) {
	var options []option
	for _, name := range s.Mailboxes {
		options = append(options, option{name, name})
	}
	t.list.setOptions(options)
	t.setPage(s)
	value := ""
	if t.selected() {
		value = s.Mailboxes[s.Selected]
	}
	t.list.set(value)
	enable(t.list, len(options) > 0)
	enable(t.add, s.Welcome == nil)
	enable(t.setup, t.selected())
}

// setPage says in the list what is shown where no mailbox is open.
func (t *toolbar) setPage(s presenter.State) {
	words := t.v.t("ui.list.none")
	switch {
	case s.Welcome != nil && len(s.Mailboxes) > 0:
		words = t.v.t("ui.list.unnamed")
	case s.Queue != nil:
		words = t.v.t("queue.title")
	case s.Takeover != nil:
		words = t.v.t("takeover.title")
	case s.Overview != nil:
		words = t.v.t("ui.overview.title")
	}
	if t.list.PlaceHolder != words {
		t.list.PlaceHolder = words
		t.list.Refresh()
	}
}

// practiceBar says that nothing is real and offers the faults: beside the test,
// on which they are tried, or below the bar where no mailbox is open.
type practiceBar struct {
	v      *View
	on     *text
	faults *button
	page   *button
	checks map[string]*check
	list   *fyne.Container
	open   bool
	inBar  *fyne.Container // place of the list in the bar
	below  *fyne.Container // around it
	inCard *fyne.Container // its place in the card
	card   *surface
	object *surface
}

func (v *View) newPracticeBar() *practiceBar {
	p := &practiceBar{
		v: v, on: newText(style{}, ""), checks: map[string]*check{}, list: container.New(flow{12, 0, new(float32), true}),
		inBar: newColumn(0), inCard: newColumn(0),
	}
	p.below = container.New(share{0.35, v.window.Canvas()}, container.NewVScroll(p.inBar))
	p.faults = newButton(v.keys, v.t("ui.practice.faults"), iconClosed, p.toggle)
	p.page = newLink(v.keys, v.t("ui.practice.page"), nil, func() { v.do.ShowAccounts() })
	title := newText(style{bold: true, single: true}, v.t("ui.practice.title"))
	p.object = newSurface(colorPractice, "", 0, newPadded(4, gapCard, 4, gapCard+4, newColumn(4,
		newRow(10, 1, title.object, p.on.object, p.page, p.faults), p.below)))
	p.card = newSurface(colorPractice, colorCardBorder, 8, newPadded(8, gapCard, 8, gapCard, p.inCard))
	p.object.Hide()
	p.card.Hide()
	return p
}

func (p *practiceBar) toggle() {
	p.open = !p.open
	unfold(p.faults, p.list, p.open)
	p.place()
	if p.card.Visible() {
		p.v.halves.choose(false)
		p.v.halves.left.ScrollToTop()
	}
	p.v.arrange()
}

// place puts the faults where nothing that one tries them on is covered.
func (p *practiceBar) place() {
	inCard := p.v.halves.object.Visible()
	p.inBar.Objects, p.inCard.Objects = []fyne.CanvasObject{p.list}, nil
	if inCard {
		p.inBar.Objects, p.inCard.Objects = p.inCard.Objects, p.inBar.Objects
	}
	show(p.below, p.open && !inCard)
	show(p.card, p.open && inCard)
}

func (p *practiceBar) set(s *presenter.PracticeState) {
	show(p.object, s != nil)
	if s == nil {
		return
	}
	p.place()
	count := 0
	for _, f := range s.Faults {
		c := p.checks[f.ID]
		if c == nil {
			c = newCheck(p.v.keys, f.Text, func(on bool) { p.v.do.SetFault(f.ID, on) })
			p.checks[f.ID] = c
			p.list.Add(c)
		}
		c.set(f.On)
		if f.On {
			count++
		}
	}
	words := p.v.t("ui.practice.none")
	switch {
	case s.Real:
		words = p.v.t("ui.practice.real")
	case count == 1:
		words = p.v.t("ui.practice.one")
	case count > 1:
		words = p.v.t("ui.practice.many", "count", strconv.Itoa(count))
	}
	p.on.set(words)
	importance := widget.MediumImportance
	if count > 0 || s.Real {
		importance = widget.WarningImportance
	}
	p.on.setImportance(importance)
}
