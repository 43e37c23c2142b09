package ui

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/products"
	"mailgrant/ui/presenter"
)

// assistantCard is the setup assistant: what is to be done, in the order of
// the work, each item with what has proved it.
type assistantCard struct {
	v         *View
	preflight *button
	summary   *status
	busy      *status
	checked   *lineList
	problems  *findingList
	items     *fyne.Container
	scripts   *fyne.Container
	shown     presenter.AssistantState
	open      map[string]bool // items that the user opened or closed
	made      map[string]*assistantItem
	object    *surface
}

func (v *View) newAssistantCard() *assistantCard {
	c := &assistantCard{
		v: v, summary: newStatus(style{bold: true}), busy: newStatus(style{}), checked: newSmallLines(), problems: v.newFindingList(gap), items: newColumn(gap),
		open: map[string]bool{}, made: map[string]*assistantItem{},
	}
	c.preflight = newButton(v.keys, v.t("ui.assistant.preflight"), nil, func() { v.leaveField(); v.do.Preflight() })
	script := newButton(v.keys, v.t("ui.assistant.copy-powershell"), theme.ContentCopyIcon(), func() { v.leaveField(); v.do.CopyScript(false) })
	az := newButton(v.keys, v.t("ui.assistant.copy-az"), theme.ContentCopyIcon(), func() { v.leaveField(); v.do.CopyScript(true) })
	c.scripts = newColumn(gap, widget.NewSeparator(), newText(style{dim: true}, v.t("ui.assistant.scripts")).object, newFlow(6, 6, script, az))
	closing := newLink(v.keys, "", theme.CancelIcon(), func() { v.do.ShowAssistant(false) })
	c.object = newCard(v.t("ui.assistant.title"), newRow(6, -1, c.preflight, closing),
		c.summary.object, newText(style{dim: true}, v.t("ui.assistant.hint")).object, c.busy.object, c.checked.object, c.problems.object, c.items, c.scripts)
	c.object.Hide()
	return c
}

func (c *assistantCard) set(s presenter.AssistantState) {
	show(c.object, s.Open)
	if !s.Open || reflect.DeepEqual(s, c.shown) {
		return
	}
	c.shown = s
	enable(c.preflight, s.CanPreflight)
	show(c.scripts, s.CanScript)
	c.summary.set(s.Summary)
	c.busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: c.v.tIf(s.Checking, "ui.assistant.checking")})
	c.checked.set(s.Checked)
	c.problems.set(s.Problems)
	c.items.Objects = nil
	for i, item := range s.Items {
		c.items.Objects = append(c.items.Objects, c.item(i+1, item))
	}
	c.items.Refresh()
}

// assistantItem is one thing to do. Its widgets are made once, and anew only where
// their words change: one may have the keys.
type assistantItem struct {
	shown   presenter.AssistantItem
	fold    *disclosure
	state   *status
	why     *text
	problem *findingBox
	work    *fyne.Container // the way, the values, the command
	actions actions
	others  []fyne.CanvasObject // the other buttons
	buttons *fyne.Container
	object  fyne.CanvasObject
}

func (c *assistantCard) newItem(id string) *assistantItem {
	v := c.v
	i := &assistantItem{
		state: newStatus(style{size: sizeSmall, dim: true, pick: true}), why: newText(style{pick: true}, ""), problem: v.newFindingBox(),
		work: newColumn(gap), actions: v.newActions(), buttons: newFlow(6, 6),
	}
	i.fold = newDisclosure(v.keys, "", newPadded(4, 0, 4, 18, newColumn(gap, i.why.object, i.problem.object, i.work, i.buttons)), v.arrange)
	i.fold.toggled = func(open bool) { c.open[id] = open }
	i.object = newColumn(0, widget.NewSeparator(), i.fold.top, newPadded(0, 0, 4, 18, i.state.object), i.fold.inside)
	return i
}

// item shows one thing to do. The one that comes next is open.
func (c *assistantCard) item(n int, s presenter.AssistantItem) fyne.CanvasObject {
	i := c.made[s.ID]
	if i == nil {
		i = c.newItem(s.ID)
		c.made[s.ID] = i
	}
	title := s.Title
	if !s.Outside { // it is not counted
		title = strconv.Itoa(n) + ". " + title
	}
	i.fold.head.setWords(title)
	open, chosen := c.open[s.ID]
	unfold(i.fold.head, i.fold.inside, chosen && open || !chosen && s.ID == c.shown.Next)
	i.state.set(presenter.Line{Mark: s.Mark, Text: cmp.Or(s.Proof, s.State)})
	i.why.set(s.Why)
	i.problem.set(s.Problem)
	if was := i.shown; s.Command != was.Command || s.Link != was.Link || !slices.Equal(s.Path, was.Path) || !slices.Equal(s.Values, was.Values) {
		i.work.Objects, i.others = c.work(s)
	}
	i.shown = s
	i.buttons.Objects = append(i.actions.of(s.Actions...), i.others...)
	return i.object
}

func (c *assistantCard) work(s presenter.AssistantItem) (all, buttons []fyne.CanvasObject) {
	v, steps, values := c.v, newColumn(gapSmall), newColumn(gapRow)
	for _, step := range s.Path {
		steps.Add(newItem(step))
	}
	for _, f := range s.Values {
		values.Add(v.newValueRow(products.CardField{Name: f.Name, Value: f.Value, Copy: true}))
	}
	all = append(all, steps, values)
	if s.Link != "" {
		buttons = append(buttons, newButton(v.keys, v.t("ui.finding.open", "host", hostOf(s.Link)), iconLink, func() { v.do.OpenLink(s.Link) }))
	}
	if s.Command != "" {
		all = append(all, newWell(newText(style{mono: true, pick: true, size: sizeSmall}, s.Command)))
		buttons = append(buttons, newButton(v.keys, v.t("ui.finding.copy-command"), theme.ContentCopyIcon(), func() { v.do.CopyText(s.Command) }))
	}
	return all, buttons
}
