package ui

import (
	"reflect"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/app/products"
	"mailgrant/ui/presenter"
)

// productCard says what the server product needs and where its values are
// typed, in the product's own words.
type productCard struct {
	v       *View
	list    *choice
	hint    *text
	host    *entry
	hostBox *fyne.Container
	wrong   *status
	parts   *fyne.Container
	check   *button
	checks  *fyne.Container // around it
	busy    *status
	verdict *status
	checked *lineList
	found   *findingList
	shown   presenter.ProductState
	object  fyne.CanvasObject
}

func (v *View) newProductCard() *productCard {
	c := &productCard{
		v: v, hint: newText(style{dim: true}, v.t("ui.product.hint")), wrong: newStatus(style{size: sizeSmall, pick: true}),
		busy: newStatus(style{}), verdict: newStatus(style{bold: true, pick: true}), checked: newSmallLines(),
		found: v.newFindingList(10), parts: newColumn(gap),
	}
	c.check = newButton(v.keys, v.t("ui.product.check"), nil, func() { v.leaveField(); v.do.CheckProduct() })
	c.list = newChoice(v.keys, nil, func(id string) {
		v.do.ChooseProduct(id)
		if id != "" {
			toTop(v.halves.right, c.object) // its values stand below
		}
	})
	c.host = newEntry(v.keys, nil)
	c.host.SetPlaceHolder("helpdesk.contoso.com")
	c.host.onLeave = func() { v.do.SetProductHost(c.host.Text) }
	c.host.onEnter = func() { v.do.SetProductHost(c.host.Text) }
	c.hostBox = newColumn(4, newRow(gap, 1, newSpan(labelSpan, newText(style{}, v.t("ui.product.host")).object), c.host), c.wrong.object)
	copyAll := newLink(v.keys, v.t("ui.product.copy-all"), theme.ContentCopyIcon(), func() { v.do.CopyText(c.shown.Text(v.texts)) })
	c.checks = newFlow(6, 6, c.check, copyAll)
	c.object = newCard(v.t("ui.card.product"), nil, c.hint.object,
		newRow(gap, 1, newSpan(labelSpan, newText(style{}, v.t("ui.product.choose")).object), c.list), c.hostBox, c.checks,
		c.busy.object, c.verdict.object, c.found.object, c.checked.object, c.parts)
	return c
}

// showProduct leads to the card: where no product is chosen to the list, which
// opens, else to what its check found wrong, or to its values.
func (v *View) showProduct() {
	c := v.product
	v.halves.choose(true)
	v.focus(c.list)
	if c.shown.Chosen != "" && c.shown.Verdict.Mark != presenter.MarkBad && len(c.shown.Found) == 0 {
		toTop(v.halves.right, c.parts)
		return
	}
	toTop(v.halves.right, c.object)
	if c.shown.Chosen == "" {
		c.list.Tapped(nil)
	}
}

func (c *productCard) set(s presenter.ProductState) {
	if s.Host != c.shown.Host || c.v.window.Canvas().Focused() != fyne.Focusable(c.host) { // else what is being typed would go
		c.host.set(s.Host)
	}
	if reflect.DeepEqual(s, c.shown) {
		return
	}
	same := reflect.DeepEqual(s.Parts, c.shown.Parts) && slices.Equal(s.Remarks, c.shown.Remarks)
	c.shown = s
	options := []option{{"", c.v.t("ui.product.none")}}
	for _, product := range s.Choices {
		options = append(options, option{product.ID, product.Name})
	}
	c.list.setOptions(options)
	c.list.set(s.Chosen)
	show(c.hostBox, s.AskHost)
	c.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: s.HostBad})
	show(c.hint.object, s.Chosen == "")
	show(c.checks, s.Chosen != "")
	enable(c.check, s.CanCheck)
	c.busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: c.v.tIf(s.Checking, "ui.product.checking")})
	c.verdict.set(s.Verdict)
	c.checked.set(s.Checked)
	c.found.set(s.Found)
	show(c.parts, s.Chosen != "")
	if same { // a button there may have the keys
		return
	}
	c.parts.RemoveAll()
	for _, remark := range s.Remarks {
		c.parts.Add(newText(style{pick: true}, remark).object)
	}
	for _, part := range s.Parts {
		c.parts.Add(c.part(part))
	}
}

func (c *productCard) part(p products.Part) fyne.CanvasObject {
	rows := newColumn(gapRow, widget.NewSeparator(), newText(style{bold: true}, p.Title).object)
	for _, row := range p.Rows {
		if row.Where != "" {
			rows.Add(newText(style{pick: true}, row.Where).object)
		}
		rows.Add(c.v.newValueRow(row))
	}
	for _, line := range p.Lines {
		rows.Add(newItem(line))
	}
	return rows
}

// newItem is an item of a list of sentences.
func newItem(words string) fyne.CanvasObject {
	return newTopRow(6, 1, newText(style{single: true}, "–").object, newText(style{pick: true}, words).object)
}

// gapRow is between the values: a value is nearer to its own name.
const gapRow = 8

// newValueRow is a value with its name, and a button that copies it.
func (v *View) newValueRow(r products.CardField) fyne.CanvasObject {
	value := newColumn(2)
	if r.Value != "" {
		value.Add(newText(style{pick: true}, r.Value).object)
	}
	if r.Note != "" {
		value.Add(newText(style{dim: true, pick: true, size: sizeSmall}, r.Note).object)
	}
	name := newText(style{dim: true}, r.Name).object
	var copies fyne.CanvasObject = newColumn(0)
	if r.Copy && r.Value != "" {
		link := newLink(v.keys, v.t("ui.finding.copy"), theme.ContentCopyIcon(), func() { v.do.CopyText(r.Value) })
		copies = newPadded(-7, 0, -7, 0, link) // its words in line with the others
	}
	one := fyne.MeasureText(r.Value, theme.Size(sizeText), fyne.TextStyle{}).Width
	return container.New(nameValue{one, new(float32)}, name, value, copies)
}

// nameValue is a name, its value, and what stands at the right edge. The value
// stands beside the name where it fits on a line there, else below it.
type nameValue struct {
	one   float32  // how wide the value is on one line
	width *float32 // of the last layout; MinSize has none of its own
}

// place calls do with every child's position and returns the height.
func (n nameValue) place(objects []fyne.CanvasObject, width float32, do func(o fyne.CanvasObject, x, y, width, height float32)) float32 {
	name, value, right := objects[0], objects[1], objects[2]
	edge := right.MinSize()
	do(right, width-edge.Width, 0, edge.Width, edge.Height)
	room := width - labelSpan - gap - gap - edge.Width
	if n.one <= room {
		first, second := heightAt(name, labelSpan), heightAt(value, room)
		do(name, 0, 0, labelSpan, first)
		do(value, labelSpan+gap, 0, room, second)
		return fyne.Max(edge.Height, fyne.Max(first, second))
	}
	long := width - edge.Width - gap
	top := fyne.Max(edge.Height, heightAt(name, long))
	do(name, 0, 0, long, top)
	below := heightAt(value, width)
	do(value, 0, top+2, width, below)
	return top + 2 + below
}

func (n nameValue) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	*n.width = size.Width
	n.place(objects, size.Width, put)
}

func (n nameValue) MinSize(objects []fyne.CanvasObject) fyne.Size {
	least := labelSpan + gap + objects[2].MinSize().Width
	width := fyne.Max(*n.width, least)
	return fyne.NewSize(least, n.place(objects, width, putNothing))
}
