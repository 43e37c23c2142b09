package ui

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"

	"mailgrant/ui/presenter"
)

// What the tests reach for. They are in a package of their own, because the
// stage on which they play imports this one.

// EntryText returns the text of one of our entries; of a secret only what
// stands there instead.
func EntryText(o fyne.CanvasObject) (words string, multi bool) {
	if e, ok := o.(*entry); ok {
		if e.Text != "" && !e.Password {
			return e.Text, e.MultiLine
		}
		return e.PlaceHolder, e.MultiLine
	}
	return "", false
}

// OwnText returns the words on a widget of ours.
func OwnText(o fyne.CanvasObject) []string {
	switch o := o.(type) {
	case *button:
		return []string{o.Text}
	case *check:
		return []string{o.Text}
	case *choice:
		return o.Options
	case *entry:
		return []string{o.PlaceHolder}
	}
	return nil
}

// Arrange lays out everything below an object.
func Arrange(o fyne.CanvasObject) { arrange(o) }

// ReadFonts reads the typefaces.
func ReadFonts() <-chan struct{} { return readFonts() }

// SheetCovers tells whether the page cannot be seen through the topmost dialog.
func (v *View) SheetCovers() bool {
	s := v.sheet().popup.Content.(*surface)
	if test.WidgetRenderer(s).Objects()[0] == s.flat.object() {
		return len(s.flat.shader.Uniforms) > 0 && s.flat.object().Size().Add(fyne.NewSize(2, 2)) == s.Size()
	}
	return s.ground.FillColor != nil && s.ground.Size() == s.Size()
}

// Field is the widget of a field.
func (v *View) Field(f presenter.Field) fyne.Focusable { return v.fields[f] }

// Buttons of the cards.
func (v *View) RequestButton() *widget.Button { return &v.auth.request.Button }
func (v *View) TestButton() *widget.Button    { return &v.test.test.Button }
func (v *View) ForgetDialog()                 { v.askForget() }
func (v *View) ExplainDialog()                { v.showExplain() }
func (v *View) AboutDialog() {
	v.about = About{"Mailgrant", "1.2.3", "software", "/home/me/.config/mailgrant"}
	v.showAbout()
}
func (v *View) RoundTripDialog() { v.askRoundTrip("helpdesk@contoso.com", "info@contoso.com") }
func (v *View) RenewalDialog()   { v.showRenewal() }
func (v *View) LanguageDialog()  { v.showLanguage() }

func (v *View) LifeDialog() { v.showLife(v.state.Auth.Life) }

// Drop drops files on the window.
func (v *View) Drop(files ...string) { v.dropped(files) }

func (v *View) RenameDialog()         { v.showRename() }
func (v *View) ImportDialog()         { v.showImport() }
func (v *View) ExportDialog()         { v.showExport() }
func (v *View) ReportDialog()         { v.showReport() }
func (v *View) NewCertificateDialog() { v.showNewCertificate() }
func (v *View) SetFolder(path string) { v.folder = path }
func (v *View) WelcomeEntry() (sender fyne.Focusable) {
	walk(v.welcome.object, func(o fyne.CanvasObject) {
		if e, ok := o.(*entry); ok {
			sender = e
		}
	})
	return sender
}
func (v *View) PasteArea() fyne.Focusable     { return v.auth.waiting.area }
func (v *View) ProductHost() *Entry           { return v.product.host }
func (v *View) PasteVisible() bool            { return v.auth.waiting.pasting.inside.Visible() }
func (v *View) PasswordEntry() *Entry         { return v.server.password.entry }
func (v *View) PasswordStore() *widget.Button { return &v.server.password.store.Button }
func (v *View) OAuthFind() *widget.Button     { return &v.oauth.find.Button }
func (v *View) OpenMore()                     { v.oauth.more.setOpen(true) }
func (v *View) TapMore()                      { v.oauth.more.head.OnTapped() }
func (v *View) MoreOpen() bool                { return v.oauth.more.inside.Visible() }
func (v *View) OpenFaults()                   { v.practice.toggle() }
func (v *View) OpenWords() {
	var all []*findingBox
	walk(v.halves.object, func(o fyne.CanvasObject) {
		if s, ok := o.(*surface); ok && s.finding != nil {
			all = append(all, s.finding)
		}
	})
	for _, box := range all {
		box.fold.setOpen(true)
	}
}
func (v *View) Narrow() bool           { return v.halves.narrow }
func (v *View) SecondTab() bool        { return v.halves.second }
func (v *View) ShowTab(second bool)    { v.halves.choose(second) }
func (v *View) Leave()                 { v.leaveField() }
func (v *View) Fault(id string) *check { return v.practice.checks[id] }

// Entry is a line to type in.
type Entry = entry

// Button is one of our buttons.
type Button = button

// The list of mailboxes and the menu that is open.
func (v *View) MailboxList() *choice { return v.toolbar.list }

func (v *View) MenuItems() []*fyne.MenuItem {
	return v.toolbar.entries()
}

// Lines are those of a field's list.
func (v *View) Lines(f presenter.Field) []*fyne.MenuItem { return v.fields[f].(*choice).lines() }

// CloseMenu closes the menu; false: none was open.
func (v *View) CloseMenu() bool {
	top := v.window.Canvas().Overlays().Top()
	if top != nil {
		top.Hide()
	}
	return top != nil
}

func (v *View) CertificateOffered() bool   { return v.oauth.secret.files.Visible() }
func (v *View) ProxyEntry() *Entry         { return v.oauth.proxy.entry }
func (v *View) CertificateButton() *button { return v.oauth.secret.file }
func (v *View) FindingAction(i int)        { v.auth.finding.buttons.Objects[i].(*button).OnTapped() }

// FyneWords are the keys of the toolkit's words.
var FyneWords = fyneWords

// Scrolled is how far the right half is scrolled.
func (v *View) Scrolled() float32 { return v.halves.right.Offset.Y }

// ScrolledLeft is how far the left half is scrolled.
func (v *View) ScrolledLeft() float32 { return v.halves.left.Offset.Y }

// ScrollTo scrolls the left half.
func (v *View) ScrollTo(y float32) { v.halves.left.ScrollToOffset(fyne.NewPos(0, y)) }

// ScrollToEnd shows the end of both halves.
func (v *View) ScrollToEnd() {
	v.halves.left.ScrollToBottom()
	v.halves.right.ScrollToBottom()
}

// Top is the last of the fitting objects that are drawn at a place of the
// window, and so what the driver gives a click or the wheel to.
func (v *View) Top(at fyne.Position, fits func(fyne.CanvasObject) bool) (top fyne.CanvasObject) {
	var visit func(o fyne.CanvasObject, from fyne.Position)
	visit = func(o fyne.CanvasObject, from fyne.Position) {
		if !o.Visible() {
			return
		}
		from = from.Add(o.Position())
		if fits(o) && at.X >= from.X && at.Y >= from.Y && at.X < from.X+o.Size().Width && at.Y < from.Y+o.Size().Height {
			top = o
		}
		switch o := o.(type) {
		case *fyne.Container:
			for _, child := range o.Objects {
				visit(child, from)
			}
		case fyne.Widget:
			for _, child := range test.WidgetRenderer(o).Objects() {
				visit(child, from)
			}
		}
	}
	visit(v.root, fyne.NewPos(0, 0))
	return top
}

// Covers tells whether an object lies over the page for a while.
func Covers(o fyne.CanvasObject) bool { _, ok := o.(*cover); return ok }

// OfNotice tells whether an object is the ground of the notice.
func (v *View) OfNotice(o fyne.CanvasObject) bool { return o == fyne.CanvasObject(v.notice.ground) }

// NextButton is the one that leads on after a test.
func (v *View) NextButton() *button {
	return v.test.next.object.(*fyne.Container).Objects[1].(*fyne.Container).Objects[0].(*button)
}

// ProductFocused tells whether the cursor is where a product is chosen.
func (v *View) ProductFocused() bool { return v.window.Canvas().Focused() == v.product.list }

// PressShortcut is what the canvas does with a shortcut that no widget takes.
func (v *View) PressShortcut(s fyne.Shortcut) bool { return v.keys.shortcut(s) }

// Primary tells whether an object is a button that looks like the next thing
// to do.
func Primary(o fyne.CanvasObject) (words string, primary bool) {
	b, ok := o.(*button)
	if !ok || b.Importance != widget.HighImportance {
		return "", false
	}
	return b.Text, true
}

// OverviewRows counts the rows of the overview that have widgets.
func (v *View) OverviewRows() int { return v.overview.rows.made }

// ScrollOverview brings a row into sight.
func (v *View) ScrollOverview(i int) { v.overview.rows.list.ScrollTo(i) }

// TapOverview is a click on a row.
func (v *View) TapOverview(i int) { v.overview.rows.list.Select(i) }

// FollowContrast lets an application follow the system's high contrast.
var FollowContrast = followContrast

// OwnColors are the names of the colours that the theme sets.
func OwnColors() []fyne.ThemeColorName {
	var set struct {
		Colors map[fyne.ThemeColorName]string `json:"Colors-light"`
	}
	if err := json.Unmarshal([]byte(houseColors), &set); err != nil {
		panic(err)
	}
	return slices.Collect(maps.Keys(set.Colors))
}

// SortOverview is a click on a column's head.
func (v *View) SortOverview(c presenter.Column) { v.overview.heads[c].OnTapped() }

// OverviewFocused tells whether the keys go to the rows.
func (v *View) OverviewFocused() bool {
	return v.window.Canvas().Focused() == fyne.Focusable(v.overview.rows.list)
}

// OpenOverview chooses the overview in the list of mailboxes.
func (v *View) OpenOverview() { v.toolbar.entries()[0].Action() }

// MoreButton opens the menu beside the list of mailboxes.
func (v *View) MoreButton() *button { return v.toolbar.more }

// PageHeight is how much of a half can be seen.
func (v *View) PageHeight() float32 { return v.halves.right.Size().Height }

// InSight is where an object is in what can be seen of its half; false: it is
// in neither.
func (v *View) InSight(o fyne.CanvasObject) (top, bottom float32, in bool) {
	for _, page := range []*container.Scroll{v.halves.left, v.halves.right} {
		if y, found := offset(page.Content, o); found {
			return y - page.Offset.Y, y - page.Offset.Y + o.Size().Height, true
		}
	}
	return 0, 0, false
}

// Proposal is what a sign-in proposes where no browser came up.
func (v *View) Proposal() fyne.CanvasObject { return v.auth.waiting.next }

// Pasting is where an answer of the browser is pasted, with its button.
func (v *View) Pasting() fyne.CanvasObject { return v.auth.waiting.pasting.object }

// ChooseMenu chooses a line of the menu beside the list of mailboxes; false:
// there is none that is active.
func (v *View) ChooseMenu(words string) bool {
	for _, item := range v.toolbar.commands() {
		if item.Label == words && !item.Disabled {
			item.Action()
			return true
		}
	}
	return false
}

// InMenu tells whether a line of that menu begins like this.
func (v *View) InMenu(words string) bool {
	return slices.ContainsFunc(v.toolbar.commands(), func(item *fyne.MenuItem) bool { return strings.HasPrefix(item.Label, words) })
}

// ScrollRight scrolls the right half.
func (v *View) ScrollRight(y float32) { v.halves.right.ScrollToOffset(fyne.NewPos(0, y)) }

// ProductAt is where the product's card begins in the part of the right half
// that can be seen, and how high that is.
func (v *View) ProductAt() (top, height float32) {
	y, _ := offset(v.halves.right.Content, v.product.object)
	return y - v.halves.right.Offset.Y, v.halves.right.Size().Height
}

// ChooseProduct chooses a product by its name.
func (v *View) ChooseProduct(name string) { v.product.list.SetSelected(name) }

// SheetPage is what scrolls in the dialog that is open.
func (v *View) SheetPage() *container.Scroll { return v.sheet().page }

// Offset is how far below the top of another an object is.
var Offset = offset

// NoticeAt is where the notice begins and ends.
func (v *View) NoticeAt() (top, bottom float32) {
	top = fyne.CurrentApp().Driver().AbsolutePositionForObject(v.notice.ground).Y
	return top, top + v.notice.ground.Size().Height
}

// Pages are the scrolls that are shown.
func (v *View) Pages() (all []fyne.Widget) {
	walk(v.root, func(o fyne.CanvasObject) {
		if s, ok := o.(*container.Scroll); ok {
			all = append(all, s)
		}
	})
	return all
}

// WelcomeCard is the card of the page for a new mailbox, which is shown.
func (v *View) WelcomeCard() (card fyne.Widget) {
	walk(v.welcome.object, func(o fyne.CanvasObject) {
		if s, ok := o.(*surface); ok && card == nil {
			card = s
		}
	})
	return card
}

func (v *View) ProductList() fyne.Focusable { return v.product.list }
