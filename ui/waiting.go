package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// waitingPanel is shown while a sign-in waits for the user.
type waitingPanel struct {
	v       *View
	as      *text
	account *text
	not     *text
	left    *text
	hint    *status
	service *status
	copied  *status
	code    *text
	codeAt  *text
	codeBox *surface
	copy    *button // the code
	next    *surface
	nextWhy *text
	nextDo  *button
	nextBy  *fyne.Container
	open    *button
	link    *button
	address *text
	byHand  *fyne.Container // the address with its words
	ways    *button
	cancel  *button
	area    *entry
	note    *status
	pasting *disclosure
	choices []string
	way     string
	forced  bool // the paste field was opened because nothing else can work
	object  *surface
}

func (v *View) newWaitingPanel() *waitingPanel {
	w := &waitingPanel{
		v: v, as: newText(style{dim: true}, v.t("ui.waiting.sign-in-as")), account: newText(style{size: sizeHead, bold: true, pick: true}, ""),
		not: newText(style{dim: true}, v.t("ui.waiting.not-windows")), left: newText(style{single: true, right: true}, ""),
		hint: newStatus(style{}), service: newStatus(style{pick: true}), copied: newStatus(style{}),
		code: newText(style{size: sizeTitle, bold: true, pick: true, single: true}, ""), codeAt: newText(style{pick: true}, ""), nextWhy: newText(style{}, ""), note: newStatus(style{size: sizeSmall}),
	}
	w.nextDo = newButton(v.keys, "", nil, func() { v.do.UseWay(w.way) })
	w.nextBy = newRow(0, -1, w.nextDo)
	w.next = newSurface(colorWarnTint, "", 6, newPadded(8, 10, 8, 10, newColumn(gap, w.nextWhy.object, w.nextBy)))
	w.copy = newLink(v.keys, v.t("ui.finding.copy"), theme.ContentCopyIcon(), func() { v.do.CopyText(w.code.Text) })
	w.codeBox = newSurface(colorWell, "", 6, newPadded(10, 12, 10, 12, newColumn(gapSmall, w.codeAt.object, newRow(gap, 0, w.code.object, w.copy))))
	w.open = newButton(v.keys, v.t("ui.waiting.open"), nil, func() { v.do.OpenAgain() })
	w.link = newButton(v.keys, v.t("ui.waiting.copy-link"), nil, func() { v.do.CopyLink() })
	w.address = newText(style{size: sizeSmall, mono: true, pick: true}, "")
	w.byHand = newColumn(2, newText(style{size: sizeSmall, dim: true}, v.t("ui.waiting.address")).object, w.address.object)
	w.ways = newMenuButton(v.keys, v.t("ui.waiting.other-ways"), w.menu)
	w.cancel = newButton(v.keys, v.t("ui.waiting.cancel"), nil, func() { v.do.Cancel() })
	w.area = newTextArea(v.keys, 3)
	w.area.SetPlaceHolder(v.t("ui.waiting.paste-here"))
	w.area.onEnter = w.hand
	use := newPrimary(v.keys, v.t("ui.waiting.use"), w.hand)
	w.pasting = newDisclosure(v.keys, v.t("ui.waiting.paste"), newColumn(6, w.area, w.note.object, newRow(6, -1, use)), w.arranged)
	w.object = newSurface(colorWell, colorCardBorder, 6, newPadded(12, 14, 14, 14, newColumn(10,
		newTopRow(gap, 0, newColumn(2, w.as.object, w.account.object, w.not.object), w.left.object),
		w.service.object, w.codeBox, newTopRow(6, 0, newFlow(6, 6, w.open, w.link, w.ways), w.cancel), w.byHand, w.pasting.object,
		w.hint.object, w.next, w.copied.object))) // what comes and goes by itself is last: no button moves under the mouse
	w.object.Hide()
	return w
}

// arranged puts the cursor where the pasted text goes.
func (w *waitingPanel) arranged() {
	w.v.arrange()
	if w.pasting.inside.Visible() && w.object.Visible() {
		w.v.focus(w.area)
		w.v.halves.reveal(w.pasting.object) // with its button
	}
}

func (w *waitingPanel) hand() {
	pasted := w.area.Text
	w.area.set("")
	w.v.do.Paste(pasted)
}

func (w *waitingPanel) menu() {
	var items []*fyne.MenuItem
	for _, way := range w.choices {
		items = append(items, fyne.NewMenuItem(w.v.t("ui.waiting.way."+way), func() { w.v.do.UseWay(way) }))
	}
	w.v.keys.popUp(w.ways, items...)
}

func (w *waitingPanel) set(s *presenter.Waiting) {
	show(w.object, s != nil)
	if s == nil {
		w.forget()
		return
	}
	account, not := s.Account, "ui.waiting.not-windows"
	if s.Consent {
		account, not = w.v.t("ui.waiting.consent-account"), "ui.waiting.consent-not"
	}
	if account != w.account.Text {
		w.forget()
	}
	w.account.set(account)
	w.not.set(w.v.t(not))
	w.left.set(w.v.tIf(s.Left != "", "ui.waiting.left", "time", s.Left))
	w.service.set(s.Service)
	w.copied.set(presenter.Line{Mark: presenter.MarkRunning, Text: s.Copied})
	w.hint.set(presenter.Line{Mark: presenter.MarkRunning, Text: s.Hint})
	w.setCode(s)
	w.setNext(s)
	show(w.open, s.CanReopen)
	show(w.link, s.CanOpen)
	w.address.set(s.Address)
	show(w.byHand, s.Address != "")
	show(w.ways, len(s.Ways) > 0 && !s.Checking)
	show(w.pasting.object, !s.Checking && s.Code == "")
	w.choices = slices.Clone(s.Ways)
	w.note.set(presenter.Line{Mark: presenter.MarkWarning, Text: s.PasteNote})
	if s.PasteOnly && !w.forced {
		w.forced = true
		w.pasting.setOpen(true)
	}
}

// forget takes away what was pasted: it was for another sign-in.
func (w *waitingPanel) forget() {
	w.area.set("")
	w.forced = false
	w.pasting.setOpen(false)
}

func (w *waitingPanel) setCode(s *presenter.Waiting) {
	w.code.set(s.Code)
	if show(w.codeBox, s.Code != "") && w.v.window.Canvas().Focused() == fyne.Focusable(w.ways) {
		w.v.focus(w.copy) // the button that had the keys goes
	}
	if s.Code != "" {
		w.codeAt.set(w.v.t("ui.waiting.code-at", "address", s.CodeAt))
	}
}

func (w *waitingPanel) setNext(s *presenter.Waiting) {
	show(w.next, s.Way != "")
	w.way = s.Way
	byLink := s.Way == mailbox.SignInLink // for that there is a button
	w.link.setPrimary(byLink)
	show(w.nextBy, !byLink)
	w.nextWhy.set(s.WayReason)
	if s.Way != "" && !byLink {
		w.nextDo.setWords(w.v.t("ui.waiting.way." + s.Way))
	}
}
