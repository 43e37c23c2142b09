package ui

import (
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

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
	fix     *many[diagnosis.Step]
	command *text
	well    *surface
	actions actions
	buttons *fyne.Container
	words   *text
	fold    *disclosure
	sure    *text
	tell    *text
	others  *many[diagnosis.Alternative]
	more    *disclosure
	here    *text // how it is mended in practice
	object  *surface
}

func (v *View) newFindingBox() *findingBox {
	b := &findingBox{
		v: v, head: newStatus(style{bold: true, pick: true}), why: newText(style{pick: true}, ""), fixHead: newText(style{bold: true}, v.t("ui.finding.fix")),
		command: newText(style{mono: true, pick: true, size: sizeSmall}, ""), actions: v.newActions(), buttons: newFlow(6, 6),
		words: newText(style{mono: true, pick: true, size: sizeSmall}, ""),
	}
	b.fix, b.others = newMany(newColumn(gapSmall), newFix), newMany(newColumn(gapSmall), newAlternative)
	b.well = newWell(b.command)
	b.sure, b.tell = newText(style{dim: true, pick: true}, ""), newText(style{pick: true}, "")
	b.here = newText(style{bold: true, pick: true}, "")
	b.more = newDisclosure(v.keys, v.t("finding.others"), newPadded(0, 0, 0, 18, b.others.object), v.arrange)
	b.fold = newDisclosure(v.keys, v.t("ui.finding.words-fold"), newWell(b.words), v.arrange)
	copyAll := newLink(v.keys, v.t("ui.finding.copy"), theme.ContentCopyIcon(), func() { v.do.CopyText(b.shown.Text(v.texts)) })
	b.object = newSurface(colorBadTint, "", 6, newPadded(6, 6, 10, 12, newColumn(gapSmall,
		newRow(gap, 0, b.head.object, copyAll), newPadded(0, 6, 0, 0, newColumn(gap, b.sure.object, b.why.object, b.tell.object, b.here.object,
			newColumn(gapSmall, b.fixHead.object, b.fix.object), b.well, b.buttons, b.more.object, b.fold.object)))))
	b.object.finding = b
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
		b.fold.setOpen(f.Several)
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

func newAlternative() (fyne.CanvasObject, func(diagnosis.Alternative)) {
	title, check := newText(style{bold: true, pick: true}, ""), newText(style{pick: true}, "")
	return newColumn(0, title.object, check.object), func(a diagnosis.Alternative) {
		title.set(a.Title)
		check.set(a.Check)
	}
}

func newFix() (fyne.CanvasObject, func(diagnosis.Step)) {
	number, words := newText(style{single: true}, ""), newText(style{pick: true}, "")
	return newTopRow(6, 1, newSpan(18, number.object), words.object), func(s diagnosis.Step) {
		number.set(s.Label())
		words.set(s.Text)
	}
}

// linkWords names a link by its host; a number tells two of one host apart.
func (b *findingBox) linkWords(links []string, i int) string {
	host := hostOf(links[i])
	if strings.HasPrefix(links[i], "https://login.microsoftonline.com/error?") {
		return b.v.t("ui.finding.open-code")
	}
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

// actions are the buttons of what is offered. Each is made once: it may have the
// focus, and be offered again.
type actions struct {
	v    *View
	made map[presenter.ActionID]*button
}

func (v *View) newActions() actions { return actions{v, map[presenter.ActionID]*button{}} }

// of are the buttons of what is offered now.
func (a actions) of(offered ...presenter.Action) (buttons []fyne.CanvasObject) {
	for _, o := range offered {
		if a.made[o.ID] == nil {
			a.made[o.ID] = newButton(a.v.keys, "", nil, func() { a.v.act(o.ID) })
		}
		a.made[o.ID].setWords(o.Text)
		a.made[o.ID].setPrimary(o.Primary)
		buttons = append(buttons, a.made[o.ID])
	}
	return buttons
}

// act does what is offered.
func (v *View) act(id presenter.ActionID) {
	switch id {
	case presenter.ActionProxySecret:
		v.oauth.showProxy()
	case presenter.ActionCertificate:
		v.showNewCertificate()
	case presenter.ActionProduct:
		v.showProduct()
	default:
		v.do.Act(id)
	}
}

func (b *findingBox) setButtons(f presenter.Finding) {
	v := b.v
	b.buttons.Objects = b.actions.of(f.Actions...)
	if f.Command != "" {
		b.buttons.Add(newButton(v.keys, v.t("ui.finding.copy-command"), theme.ContentCopyIcon(), func() { v.do.CopyText(f.Command) }))
	}
	for i, link := range f.Links {
		b.buttons.Add(newButton(v.keys, b.linkWords(f.Links, i), iconLink, func() { v.do.OpenLink(link) }))
	}
	show(b.buttons, len(b.buttons.Objects) > 0)
}

// findingList shows findings, one below the other.
type findingList = many[presenter.Finding]

func (v *View) newFindingList(gap float32) *findingList {
	return newMany(newColumn(gap), func() (fyne.CanvasObject, func(presenter.Finding)) {
		box := v.newFindingBox()
		return box.object, func(f presenter.Finding) { box.set(&f) }
	})
}
