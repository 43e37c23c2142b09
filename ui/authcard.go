package ui

import (
	"fyne.io/fyne/v2"

	"mailgrant/ui/presenter"
)

// authCard is the card Authorization.
type authCard struct {
	v           *View
	status      *status
	hint        *text
	permissions *lineList
	facts       *many[presenter.Fact]
	finding     *findingBox
	tried       *lineList
	busy        *status
	request     *button
	more        *button
	waiting     *waitingPanel
	opened      bool // the panel had its first button
	buttons     *fyne.Container
	object      fyne.CanvasObject
}

func (v *View) newAuthCard() *authCard {
	c := &authCard{
		v: v, status: newStatus(style{bold: true, pick: true}), hint: newText(style{dim: true, pick: true}, ""), facts: newMany(newColumn(3), newFact),
		permissions: newLineList(newFlow(14, 4), style{single: true, size: sizeSmall}), finding: v.newFindingBox(),
		tried: v.newTriedList(), busy: newStatus(style{}), waiting: v.newWaitingPanel(),
	}
	c.request = newButton(v.keys, v.t("ui.auth.request"), nil, func() { v.do.Request() })
	c.more = newMenuButton(v.keys, v.t("ui.auth.more"), func() { c.menu() })
	c.buttons = newFlow(8, 8, c.request, c.more)
	c.object = newCard(v.t("ui.card.auth"), nil,
		newColumn(6, c.status.object, c.hint.object, c.permissions.object, c.facts.object),
		c.tried.object, c.finding.object, c.busy.object, c.waiting.object, c.buttons)
	return c
}

func (c *authCard) menu() {
	v, s := c.v, c.v.state.Auth
	v.keys.popUp(c.more,
		v.menuItem("ui.auth.life", len(s.Life) > 0, func() { v.showLife(s.Life) }),
		v.menuItem("ui.auth.renew", s.CanRenew, v.do.Renew),
		v.menuItem("ui.auth.consent", s.CanConsent, v.do.Consent),
		fyne.NewMenuItemSeparator(),
		v.menuItem("ui.auth.forget", s.CanForget, v.askForget))
}

func (c *authCard) set(s presenter.AuthState) {
	c.status.set(s.Status)
	c.hint.set(s.Hint)
	c.permissions.set(s.Permissions)
	c.facts.set(s.Facts)
	c.tried.set(s.Tried)
	c.finding.set(s.Finding)
	c.busy.set(presenter.Line{Mark: presenter.MarkRunning, Text: s.Busy})
	c.waiting.set(s.Waiting)
	show(c.buttons, s.Waiting == nil && s.Applies)
	c.request.setPrimary(s.Primary)
	enable(c.request, s.CanRequest)
	enable(c.more, s.CanRenew || s.CanForget || s.CanConsent)
	c.passFocus()
}

// passFocus gives the keys to what has taken the place of a button that has
// them, or that the mouse has pressed: nothing has them then.
func (c *authCard) passFocus() {
	w, focused := c.waiting, c.v.window.Canvas().Focused()
	opened := w.object.Visible() && w.open.Visible()
	came := opened && !c.opened
	c.opened = opened
	o, ok := focused.(fyne.CanvasObject)
	if !ok {
		if came {
			c.v.focus(w.open)
		}
		return
	}
	_, pressed := offset(c.buttons, o)
	_, waited := offset(w.object, o)
	switch {
	case pressed && opened: // not Cancel: a second Enter would press it
		c.v.focus(w.open)
	case waited && !w.object.Visible():
		c.v.window.Canvas().Unfocus()
		c.v.focus(c.request) // unless it is disabled or hidden
	}
}

func newFact() (fyne.CanvasObject, func(presenter.Fact)) {
	name, value := newText(style{dim: true}, ""), newText(style{pick: true}, "")
	return newTopRow(gap, 1, newSpan(labelSpan, name.object), value.object), func(f presenter.Fact) {
		name.set(f.Name)
		value.set(f.Value)
	}
}
