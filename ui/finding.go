package ui

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/diagnosis"
	"mailgrant/ui/presenter"
)

// findingBox shows one diagnosis: what it is, what to do, the line to run, and
// the server's own words folded below.
type findingBox struct {
	v       *View
	shown   presenter.Finding
	head    *status
	why     *text
	fixHead *text
	fix     *filled[diagnosis.Step]
	command *text
	well    *surface
	buttons *fyne.Container
	words   *text
	fold    *disclosure
	sure    *text
	tell    *text
	others  *filled[diagnosis.Alternative]
	more    *disclosure
	here    *text // how it is mended in practice
	object  *surface
}

func (v *View) newFindingBox() *findingBox {
	b := &findingBox{
		v: v, head: newStatus(style{bold: true, pick: true}), why: newText(style{pick: true}, ""), fixHead: newText(style{bold: true}, v.t("ui.finding.fix")),
		fix: newFilled(newColumn(gapSmall), fixRow), others: newFilled(newColumn(gapSmall), alternativeRow), command: newText(style{mono: true, pick: true, size: sizeSmall}, ""), buttons: newFlow(6, 6),
		words: newText(style{mono: true, pick: true, size: sizeSmall}, ""),
	}
	b.well = newWell(b.command)
	b.sure, b.tell = newText(style{dim: true, pick: true}, ""), newText(style{pick: true}, "")
	b.here = newText(style{bold: true, pick: true}, "")
	b.more = newDisclosure(v.keys, v.t("finding.others"), newPadded(0, 0, 0, 18, b.others.object), v.arrange)
	b.fold = newDisclosure(v.keys, v.t("ui.finding.words-fold"), newWell(b.words), v.arrange)
	copyAll := newLink(v.keys, v.t("ui.finding.copy"), theme.ContentCopyIcon(), func() { v.do.CopyText(b.shown.Text(v.texts)) })
	b.object = newSurface(colorBadTint, "", 6, newPadded(6, 6, 10, 12, newColumn(gapSmall,
		newRow(gap, 0, b.head.object, copyAll), newPadded(0, 6, 0, 0, newColumn(gap, b.sure.object, b.why.object, b.tell.object, b.here.object,
			newColumn(gapSmall, b.fixHead.object, b.fix.object), b.well, b.buttons, b.more.object, b.fold.object)))))
	b.object.Hide()
	return b
}

func newWell(words *text) *surface {
	return newSurface(colorWell, "", 5, newPadded(8, 10, 8, 10, newColumn(0, words.object)))
}

// set shows a finding; nil takes no room.
func (b *findingBox) set(f *presenter.Finding) {
	show(b.object, f != nil)
	if f == nil || reflect.DeepEqual(*f, b.shown) {
		return
	}
	if b.shown.Title != f.Title || b.shown.Words != f.Words {
		b.fold.setOpen(false)
		b.more.setOpen(false)
	}
	b.shown = *f
	b.object.setFill(tints[f.Mark])
	b.head.set(presenter.Line{Mark: f.Mark, Text: f.Title})
	b.why.set(f.Explanation)
	show(b.fixHead.object, len(f.Fix) > 0)
	b.fix.set(diagnosis.Steps(b.v.texts, f.Fix))
	b.command.set(f.Command)
	show(b.well, f.Command != "")
	b.fold.head.setWords(b.v.t(map[bool]string{true: "ui.finding.pasted-fold", false: "ui.finding.words-fold"}[f.Pasted]))
	b.words.set(f.Words)
	show(b.fold.object, f.Words != "")
	b.here.set(f.Practice)
	b.setButtons(*f)
	b.setOthers(*f)
}

// setOthers tells how sure the cause is, and folds what else is possible.
func (b *findingBox) setOthers(f presenter.Finding) {
	b.sure.set(f.Certainty)
	b.tell.set(b.v.tIf(f.Check != "", "finding.tell", "check", f.Check))
	b.others.set(f.Others)
	show(b.more.object, len(f.Others) > 0)
}

func alternativeRow(a diagnosis.Alternative) fyne.CanvasObject {
	return newColumn(0, newText(style{bold: true, pick: true}, a.Title).object, newText(style{pick: true}, a.Check).object)
}

func fixRow(step diagnosis.Step) fyne.CanvasObject {
	number := newText(style{single: true}, step.Label())
	return newTopRow(6, 1, newSpan(18, number.object), newText(style{pick: true}, step.Text).object)
}

// linkWords names a link by its host; a number tells two of one host apart.
func (b *findingBox) linkWords(links []string, i int) string {
	host := hostOf(links[i])
	same := 0
	for _, other := range links[:i] {
		if hostOf(other) == host {
			same++
		}
	}
	if same > 0 {
		host += " (" + strconv.Itoa(same+1) + ")"
	}
	return b.v.t("ui.finding.open", "host", host)
}

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	return strings.TrimPrefix(u.Host, "www.")
}

// newAction is the button of something that is offered.
func (v *View) newAction(a presenter.Action) fyne.CanvasObject {
	b := newButton(v.keys, a.Text, nil, func() {
		switch a.ID {
		case presenter.ActionProxySecret:
			v.oauth.showProxy()
		case presenter.ActionCertificate:
			v.showNewCertificate()
		case presenter.ActionProduct:
			v.showProduct()
		default:
			v.do.Act(a.ID)
		}
	})
	if a.Primary {
		b.Importance = widget.HighImportance
	}
	return b
}

func (b *findingBox) setButtons(f presenter.Finding) {
	v := b.v
	b.buttons.RemoveAll()
	for _, a := range f.Actions {
		b.buttons.Add(v.newAction(a))
	}
	if f.Command != "" {
		b.buttons.Add(newButton(v.keys, v.t("ui.finding.copy-command"), theme.ContentCopyIcon(), func() { v.do.CopyText(f.Command) }))
	}
	for i, link := range f.Links {
		b.buttons.Add(newButton(v.keys, b.linkWords(f.Links, i), iconLink, func() { v.do.OpenLink(link) }))
	}
	show(b.buttons, len(b.buttons.Objects) > 0)
}

// findingList shows findings, one below the other. Its boxes are kept: one may
// have the focus.
type findingList struct {
	v      *View
	boxes  []*findingBox
	object *fyne.Container
}

func (v *View) newFindingList(gap float32) *findingList {
	l := &findingList{v: v, object: newColumn(gap)}
	l.object.Hide()
	return l
}

func (l *findingList) set(findings []presenter.Finding) {
	for len(l.boxes) < len(findings) {
		box := l.v.newFindingBox()
		l.boxes = append(l.boxes, box)
		l.object.Add(box.object)
	}
	show(l.object, len(findings) > 0)
	for i, box := range l.boxes {
		var f *presenter.Finding
		if i < len(findings) {
			f = &findings[i]
		}
		box.set(f)
	}
}
