package ui

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// keyed is what our widgets have in common: the window's keys, which a focused
// one would swallow, and whether it has the focus.
type keyed struct {
	keys    *bindings
	focused bool
}

func (*keyed) AcceptsTab() bool { return true }

// setFocused lets a widget show whether the keys go there.
func (k *keyed) setFocused(w fyne.Widget, on bool) {
	k.focused = on
	w.Refresh()
}

// asSpace makes Enter do what Space does.
func asSpace(ev *fyne.KeyEvent) *fyne.KeyEvent {
	if ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter {
		return &fyne.KeyEvent{Name: fyne.KeySpace}
	}
	return ev
}

// entry is a line to type in.
type entry struct {
	widget.Entry
	keys    *bindings
	onLeave func()
	onEnter func()
	onDown  func() // of a line above a list
}

func newEntry(k *bindings, onChange func(string)) *entry {
	e := &entry{keys: k}
	e.ExtendBaseWidget(e)
	e.OnChanged = onChange
	return e
}

// newTextArea is for pasting several lines.
func newTextArea(k *bindings, lines int) *entry {
	e := newEntry(k, nil)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.SetMinRowsVisible(lines)
	return e
}

// set shows a value without telling anybody.
func (e *entry) set(value string) {
	if e.Text != value {
		tell := e.OnChanged
		e.OnChanged = nil
		e.SetText(value)
		e.OnChanged = tell
	}
}

func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	if e.onLeave != nil {
		e.onLeave()
	}
}

func (e *entry) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable. Enter goes on.
func (e *entry) TypedKey(ev *fyne.KeyEvent) {
	if (ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter) && !e.MultiLine {
		if e.onEnter != nil {
			e.onEnter()
		}
		return
	}
	if e.keys.key(ev) {
		return
	}
	if ev.Name == fyne.KeyDown && e.onDown != nil {
		e.onDown()
		return
	}
	e.Entry.TypedKey(ev)
}

func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if e.keys.shortcut(s) {
		return
	}
	if custom, ok := s.(*desktop.CustomShortcut); ok && custom.KeyName == fyne.KeyReturn && e.onEnter != nil {
		e.onEnter() // Enter alone is a line of a text
		return
	}
	if paste, ok := s.(*fyne.ShortcutPaste); ok && e.Password {
		s = &fyne.ShortcutPaste{Clipboard: unbroken{paste.Clipboard}}
	}
	e.Entry.TypedShortcut(s)
}

// unbroken is a clipboard without the line break at the end that comes along
// with a copied line. One within stays to be refused: Fyne makes a blank of a
// line feed, of which nobody would see that it does not belong there.
type unbroken struct{ fyne.Clipboard }

func (c unbroken) Content() string {
	return strings.ReplaceAll(strings.TrimRight(c.Clipboard.Content(), "\r\n"), "\n", "\r")
}

// option is a choice with its words.
type option struct{ value, words string }

// choice is a list to choose from.
type choice struct {
	widget.Select
	keyed
	options []option
	lines   func() []*fyne.MenuItem // of its list
}

func newChoice(k *bindings, options []option, onChoose func(value string)) *choice {
	c := &choice{keyed: keyed{keys: k}}
	c.lines = c.entries
	c.PlaceHolder = " "
	c.setOptions(options)
	c.OnChanged = func(string) {
		if c.SelectedIndex() >= 0 {
			onChoose(c.value())
		}
	}
	c.ExtendBaseWidget(c)
	return c
}

// TypedRune implements fyne.Focusable: the next option with that letter is chosen.
// Among few, a slip of the hand would change more than it helps.
func (c *choice) TypedRune(r rune) {
	for i := 1; len(c.Options) >= 8 && i <= len(c.Options); i++ {
		at := (c.SelectedIndex() + i) % len(c.Options)
		if strings.HasPrefix(strings.ToLower(c.Options[at]), string(unicode.ToLower(r))) {
			c.SetSelectedIndex(at)
			return
		}
	}
}

func (c *choice) setOptions(options []option) {
	if slices.Equal(c.options, options) {
		return
	}
	c.options = options
	c.Options = c.Options[:0:0]
	for _, o := range options {
		c.Options = append(c.Options, o.words)
	}
	c.Refresh()
}

// value is what is chosen, "" if nothing is.
func (c *choice) value() string {
	if i := c.SelectedIndex(); i >= 0 {
		return c.options[i].value
	}
	return ""
}

// Tapped opens the list. The toolkit's own does not show what is chosen.
func (c *choice) Tapped(*fyne.PointEvent) {
	if !c.Disabled() {
		c.keys.canvas.Focus(c)
		c.keys.popUp(c, c.lines()...)
	}
}

// entries are the options as lines of a list.
func (c *choice) entries() (all []*fyne.MenuItem) {
	for i, o := range c.options {
		item := fyne.NewMenuItem(o.words, func() { c.SetSelectedIndex(i) })
		item.Checked = i == c.SelectedIndex()
		all = append(all, item)
	}
	return all
}

// popUp opens a menu below a widget, and puts the keys on the line that is chosen.
func (b *bindings) popUp(below fyne.CanvasObject, items ...*fyne.MenuItem) {
	menu := widget.NewPopUpMenu(fyne.NewMenu("", items...), b.canvas)
	menu.Resize(menu.MinSize().Max(fyne.NewSize(below.Size().Width, 0)))
	menu.ShowAtRelativePosition(fyne.NewPos(0, below.Size().Height+2), below)
	for i, item := range items {
		if !item.IsSeparator && slices.ContainsFunc(items[i:], func(m *fyne.MenuItem) bool { return m.Checked }) {
			menu.ActivateNext()
		}
	}
}

// set shows a value without telling anybody.
func (c *choice) set(value string) {
	words := ""
	if i := slices.IndexFunc(c.options, func(o option) bool { return o.value == value }); i >= 0 {
		words = c.options[i].words
	}
	if c.Selected != words {
		c.Selected = words
		c.Refresh()
	}
}

// TypedKey implements fyne.Focusable. Enter opens the list, as Space does.
func (c *choice) TypedKey(ev *fyne.KeyEvent) {
	if c.keys.key(ev) {
		return
	}
	switch ev = asSpace(ev); ev.Name {
	case fyne.KeySpace, fyne.KeyUp, fyne.KeyDown:
		c.Tapped(nil)
	default:
		c.Select.TypedKey(ev)
	}
}

// button also takes Enter, as buttons on Windows do.
type button struct {
	widget.Button
	keyed
}

func newButton(k *bindings, words string, icon fyne.Resource, tapped func()) *button {
	b := &button{keyed: keyed{keys: k}}
	b.Text, b.Icon = words, icon
	b.OnTapped = func() {
		k.pressed = b
		tapped()
	}
	b.ExtendBaseWidget(b)
	return b
}

// newPrimary is the button to press next.
func newPrimary(k *bindings, words string, tapped func()) *button {
	b := newButton(k, words, nil, tapped)
	b.Importance = widget.HighImportance
	return b
}

// breadth is how much wider a button is than the toolkit makes it.
const breadth = 12

func (b *button) MinSize() fyne.Size {
	if b.Text == "" || b.Alignment == widget.ButtonAlignLeading {
		return b.Button.MinSize()
	}
	return b.Button.MinSize().AddWidthHeight(breadth, 0)
}

func newMenuButton(k *bindings, words string, tapped func()) *button {
	b := newButton(k, words, theme.MenuDropDownIcon(), tapped)
	b.IconPlacement = widget.ButtonIconTrailingText
	return b
}

func newLink(k *bindings, words string, icon fyne.Resource, tapped func()) *button {
	b := newButton(k, words, icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

// TypedKey implements fyne.Focusable. The toolkit's own would take the keys
// away from the button that they press.
func (b *button) TypedKey(ev *fyne.KeyEvent) {
	fresh := b.keys.fresh
	b.keys.fresh = false
	if !b.keys.key(ev) && asSpace(ev).Name == fyne.KeySpace && fresh && !b.Disabled() && b.OnTapped != nil {
		b.OnTapped()
	}
}

// KeyDown implements desktop.Keyable. A key that is held down goes on typing,
// and what it presses may hand the keys on: it presses one button, once.
func (b *button) KeyDown(*fyne.KeyEvent) { b.keys.fresh = true }

func (*button) KeyUp(*fyne.KeyEvent) {}

// setPrimary makes the button the one to press next.
func (b *button) setPrimary(primary bool) {
	b.setImportance(primary, widget.HighImportance, widget.MediumImportance)
}

// setImportance shows the button in one of two ways.
func (b *button) setImportance(first bool, one, other widget.Importance) {
	if !first {
		one = other
	}
	if b.Importance != one {
		b.Importance = one
		b.Refresh()
	}
}

func (b *button) setWords(words string) {
	if b.Text != words {
		b.SetText(words)
	}
}

// check is a switch.
type check struct {
	widget.Check
	keyed
}

func newCheck(k *bindings, words string, changed func(bool)) *check {
	c := &check{keyed: keyed{keys: k}}
	c.Text, c.OnChanged = words, changed
	c.ExtendBaseWidget(c)
	return c
}

// set shows it on or off without telling anybody.
func (c *check) set(on bool) {
	if c.Checked != on {
		c.Checked = on
		c.Refresh()
	}
}

func (c *check) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.key(ev) {
		c.Check.TypedKey(ev)
	}
}

// rowList is a list that also takes Enter.
type rowList struct {
	widget.List
	keyed
	moving bool // by a key, not by the mouse
	at     int  // the row that the keys have reached
}

func newRowList(k *bindings, length func() int, create func() fyne.CanvasObject, fill func(widget.ListItemID, fyne.CanvasObject)) *rowList {
	l := &rowList{keyed: keyed{keys: k}}
	l.Length, l.CreateItem, l.UpdateItem = length, l.row(create), l.fillRow(fill)
	l.OnHighlighted = func(i widget.ListItemID) {
		if l.moving {
			l.at = i
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

func (l *rowList) TypedKey(ev *fyne.KeyEvent) {
	if l.keys.key(ev) {
		return
	}
	l.byKeys(l.focused, func() { l.List.TypedKey(asSpace(ev)) })
}

// bindings are the keys of the window. While a sheet is open, only those that
// work everywhere do.
type bindings struct {
	canvas     fyne.Canvas // of the window
	everywhere map[fyne.KeyName]func()
	plain      map[fyne.KeyName]func()
	ctrl       map[fyne.KeyName]func()
	fresh      bool    // a key went down on a button and has not been typed yet
	pressed    *button // the last one
	sheet      func() (open bool)
	wheel      func(over fyne.CanvasObject, ev *fyne.ScrollEvent) // where a field would swallow it
}

func (b *bindings) key(ev *fyne.KeyEvent) bool {
	do, ok := b.everywhere[ev.Name]
	if !ok {
		do, ok = b.plain[ev.Name]
		if ok && b.sheet() {
			return true
		}
	}
	if ok {
		do()
	}
	return ok
}

func (b *bindings) shortcut(s fyne.Shortcut) bool {
	custom, ok := s.(*desktop.CustomShortcut)
	if !ok || custom.Modifier != fyne.KeyModifierShortcutDefault {
		return false
	}
	do, ok := b.ctrl[custom.KeyName]
	if ok && !b.sheet() {
		do()
	}
	return ok
}

// attach makes the keys work where no widget has the focus.
func (b *bindings) attach(c fyne.Canvas) {
	b.canvas = c
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) { b.key(ev) })
	for name := range b.ctrl {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}, func(s fyne.Shortcut) { b.shortcut(s) })
	}
}
