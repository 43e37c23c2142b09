package ui

import (
	"cmp"
	"reflect"
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
	object    *surface
}

func (v *View) newAssistantCard() *assistantCard {
	c := &assistantCard{
		v: v, summary: newStatus(style{bold: true}), busy: newStatus(style{}), checked: newSmallLines(), problems: v.newFindingList(gap), items: newColumn(gap),
		open: map[string]bool{},
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
	if s.Next != c.shown.Next {
		c.open = map[string]bool{} // the work goes on
	}
	c.shown = s
	enable(c.preflight, s.CanPreflight)
	show(c.scripts, s.CanScript)
	c.summary.set(s.Summary)
	c.busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: c.v.tIf(s.Checking, "ui.assistant.checking")})
	c.checked.set(s.Checked)
	c.problems.set(s.Problems)
	c.items.RemoveAll()
	for i, item := range s.Items {
		c.items.Add(c.item(i+1, item))
	}
}

// item is one thing to do. The one that comes next is open.
func (c *assistantCard) item(n int, i presenter.AssistantItem) fyne.CanvasObject {
	body := newColumn(gap, c.body(i)...)
	title := i.Title
	if !i.Outside { // it is not counted
		title = strconv.Itoa(n) + ". " + title
	}
	fold := newDisclosure(c.v.keys, title, newPadded(4, 0, 4, 18, body), c.v.arrange)
	fold.toggled = func(open bool) { c.open[i.ID] = open }
	open, chosen := c.open[i.ID]
	unfold(fold.head, fold.inside, chosen && open || !chosen && i.ID == c.shown.Next)
	st := newStatus(style{size: sizeSmall, dim: true, pick: true})
	st.set(presenter.Line{Mark: i.Mark, Text: cmp.Or(i.Proof, i.State)})
	return newColumn(0, widget.NewSeparator(), fold.top, newPadded(0, 0, 4, 18, st.object), fold.inside)
}

func (c *assistantCard) body(i presenter.AssistantItem) []fyne.CanvasObject {
	v := c.v
	all := []fyne.CanvasObject{newText(style{pick: true}, i.Why).object}
	if i.Problem != nil {
		box := v.newFindingBox()
		box.set(i.Problem)
		all = append(all, box.object)
	}
	steps := newColumn(gapSmall)
	for _, step := range i.Path {
		steps.Add(newItem(step))
	}
	all = append(all, steps)
	values := newColumn(gapRow)
	for _, f := range i.Values {
		values.Add(v.newValueRow(products.CardField{Name: f.Name, Value: f.Value, Copy: true}))
	}
	all = append(all, values)
	if i.Command != "" {
		all = append(all, newWell(newText(style{mono: true, pick: true, size: sizeSmall}, i.Command)))
	}
	return append(all, c.buttons(i))
}

func (c *assistantCard) buttons(i presenter.AssistantItem) fyne.CanvasObject {
	v := c.v
	row := newFlow(6, 6, v.newActions().of(i.Actions...)...)
	if i.Link != "" {
		row.Add(newButton(v.keys, v.t("ui.finding.open", "host", hostOf(i.Link)), iconLink, func() { v.do.OpenLink(i.Link) }))
	}
	if i.Command != "" {
		row.Add(newButton(v.keys, v.t("ui.finding.copy-command"), theme.ContentCopyIcon(), func() { v.do.CopyText(i.Command) }))
	}
	return row
}
