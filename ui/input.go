package ui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// keys handles the window's keys where a focused widget would swallow them.
type keys interface {
	key(*fyne.KeyEvent) (handled bool)
	shortcut(fyne.Shortcut) (handled bool)
	scroll(over fyne.CanvasObject, ev *fyne.ScrollEvent) // the mouse wheel, where a field would swallow it
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
	keys    keys
	onLeave func()
	onEnter func()
	setting bool // set by the program, not typed
}

func newEntry(k keys, onChange func(string)) *entry {
	e := &entry{keys: k}
	e.ExtendBaseWidget(e)
	e.OnChanged = func(s string) {
		if !e.setting && onChange != nil {
			onChange(s)
		}
	}
	return e
}

// newSecretEntry hides what is typed.
func newSecretEntry(k keys) *entry {
	e := newEntry(k, nil)
	e.Password = true
	return e
}

// newTextArea is for pasting several lines.
func newTextArea(k keys, lines int) *entry {
	e := newEntry(k, nil)
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapBreak
	e.SetMinRowsVisible(lines)
	return e
}

// set shows a value without telling anybody.
func (e *entry) set(value string) {
	if e.Text == value {
		return
	}
	e.setting = true
	e.SetText(value)
	e.setting = false
}

// FocusLost implements fyne.Focusable.
func (e *entry) FocusLost() {
	e.Entry.FocusLost()
	if e.onLeave != nil {
		e.onLeave()
	}
}

// AcceptsTab implements fyne.Tabbable.
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
	e.Entry.TypedKey(ev)
}

// TypedShortcut implements fyne.Shortcutable.
func (e *entry) TypedShortcut(s fyne.Shortcut) {
	if e.keys.shortcut(s) {
		return
	}
	e.Entry.TypedShortcut(s)
}

// option is a choice with its words.
type option struct{ value, words string }

// choice is a list to choose from.
type choice struct {
	widget.Select
	keys    keys
	focused bool
	options []option
	setting bool
	unfold  func() // opens the list in the toolkit's stead
}

func newChoice(k keys, options []option, onChoose func(value string)) *choice {
	c := &choice{keys: k}
	c.PlaceHolder = " "
	c.setOptions(options)
	c.OnChanged = func(string) {
		if i := c.SelectedIndex(); !c.setting && i >= 0 && onChoose != nil {
			onChoose(c.options[i].value)
		}
	}
	c.ExtendBaseWidget(c)
	return c
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

// Tapped implements fyne.Tappable.
func (c *choice) Tapped(at *fyne.PointEvent) {
	if c.unfold == nil {
		c.Select.Tapped(at)
	} else if !c.Disabled() {
		c.unfold()
	}
}

// set shows a value without telling anybody.
func (c *choice) set(value string) {
	i := slices.IndexFunc(c.options, func(o option) bool { return o.value == value })
	if i == c.SelectedIndex() && (i >= 0 || c.Selected == "") {
		return
	}
	c.setting = true
	if i < 0 {
		c.ClearSelected()
	} else {
		c.SetSelectedIndex(i)
	}
	c.setting = false
}

// AcceptsTab implements fyne.Tabbable.
func (c *choice) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable. Enter opens the list, as Space does.
func (c *choice) TypedKey(ev *fyne.KeyEvent) {
	if c.keys.key(ev) {
		return
	}
	if ev = asSpace(ev); ev.Name == fyne.KeySpace && c.unfold != nil {
		c.Tapped(nil)
		return
	}
	c.Select.TypedKey(ev)
}

// CreateRenderer implements fyne.Widget: with the border that entries have.
func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	r := &borderRenderer{c.Select.CreateRenderer(), c, canvas.NewRectangle(nil), newOutline()}
	r.paint()
	return r
}

type borderRenderer struct {
	fyne.WidgetRenderer
	c      *choice
	border *canvas.Rectangle
	lines  outline // instead, in the plain look
}

func (r *borderRenderer) paint() {
	th := theme.Current()
	r.border.StrokeColor = th.Color(theme.ColorNameInputBorder, fyne.CurrentApp().Settings().ThemeVariant())
	r.border.StrokeWidth = th.Size(theme.SizeNameInputBorder)
	r.border.CornerRadius = th.Size(theme.SizeNameInputRadius)
	if r.c.focused {
		r.border.StrokeColor, r.border.StrokeWidth = th.Color(theme.ColorNameForeground, fyne.CurrentApp().Settings().ThemeVariant()), 2
	}
	r.lines.paint(r.border.StrokeColor)
	r.lines.resize(r.c.Size(), r.border.StrokeWidth)
}

// Layout implements fyne.WidgetRenderer.
func (r *borderRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	r.border.Resize(size)
	r.lines.resize(size, r.border.StrokeWidth)
}

// Refresh implements fyne.WidgetRenderer.
func (r *borderRenderer) Refresh() {
	r.paint()
	r.border.Refresh()
	r.WidgetRenderer.Refresh()
}

// Objects implements fyne.WidgetRenderer.
func (r *borderRenderer) Objects() []fyne.CanvasObject {
	if plain() {
		return append(r.WidgetRenderer.Objects(), r.lines.objects()...)
	}
	return append(r.WidgetRenderer.Objects(), r.border)
}

// button also takes Enter, as buttons on Windows do.
type button struct {
	widget.Button
	keys    keys
	focused bool
}

func newButton(k keys, words string, icon fyne.Resource, tapped func()) *button {
	b := &button{keys: k}
	b.Text, b.Icon, b.OnTapped = words, icon, tapped
	b.ExtendBaseWidget(b)
	return b
}

// newPrimary is the button to press next.
func newPrimary(k keys, words string, tapped func()) *button {
	b := newButton(k, words, nil, tapped)
	b.Importance = widget.HighImportance
	return b
}

// breadth is how much wider a button is than the toolkit makes it.
const breadth = 12

// MinSize implements fyne.CanvasObject.
func (b *button) MinSize() fyne.Size {
	if b.Text == "" || b.Alignment == widget.ButtonAlignLeading {
		return b.Button.MinSize()
	}
	return b.Button.MinSize().AddWidthHeight(breadth, 0)
}

// newMenuButton opens a menu.
func newMenuButton(k keys, words string, tapped func()) *button {
	b := newButton(k, words, theme.MenuDropDownIcon(), tapped)
	b.IconPlacement = widget.ButtonIconTrailingText
	return b
}

func newLink(k keys, words string, icon fyne.Resource, tapped func()) *button {
	b := newButton(k, words, icon, tapped)
	b.Importance = widget.LowImportance
	return b
}

// AcceptsTab implements fyne.Tabbable.
func (b *button) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable.
func (b *button) TypedKey(ev *fyne.KeyEvent) {
	if b.keys.key(ev) {
		return
	}
	b.Button.TypedKey(asSpace(ev))
}

// setPrimary makes the button the one to press next.
func (b *button) setPrimary(primary bool) {
	importance := widget.MediumImportance
	if primary {
		importance = widget.HighImportance
	}
	if b.Importance != importance {
		b.Importance = importance
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
	keys    keys
	focused bool
	setting bool
}

func newCheck(k keys, words string, changed func(bool)) *check {
	c := &check{keys: k}
	c.Text = words
	c.OnChanged = func(on bool) {
		if !c.setting {
			changed(on)
		}
	}
	c.ExtendBaseWidget(c)
	return c
}

func (c *check) set(on bool) {
	if c.Checked != on {
		c.setting = true
		c.SetChecked(on)
		c.setting = false
	}
}

// AcceptsTab implements fyne.Tabbable.
func (c *check) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable.
func (c *check) TypedKey(ev *fyne.KeyEvent) {
	if !c.keys.key(ev) {
		c.Check.TypedKey(ev)
	}
}

// rowList is a list that also takes Enter.
type rowList struct {
	widget.List
	keys    keys
	focused bool
	keyed   bool // the list is told of a key, not of the mouse
	at      int  // the row that the keys have reached
}

func newRowList(k keys, length func() int, create func() fyne.CanvasObject, fill func(widget.ListItemID, fyne.CanvasObject)) *rowList {
	l := &rowList{keys: k}
	l.Length, l.CreateItem, l.UpdateItem = length, l.row(create), l.fillRow(fill)
	l.OnHighlighted = func(i widget.ListItemID) {
		if l.keyed {
			l.at = i
		}
	}
	l.ExtendBaseWidget(l)
	return l
}

// AcceptsTab implements fyne.Tabbable.
func (l *rowList) AcceptsTab() bool { return true }

// TypedKey implements fyne.Focusable.
func (l *rowList) TypedKey(ev *fyne.KeyEvent) {
	if l.keys.key(ev) {
		return
	}
	l.byKeys(l.focused, func() { l.List.TypedKey(asSpace(ev)) })
}

// bindings are the keys of the window. While a sheet is open, only those that
// work everywhere do.
type bindings struct {
	everywhere map[fyne.KeyName]func()
	plain      map[fyne.KeyName]func()
	ctrl       map[fyne.KeyName]func()
	sheet      func() (open bool)
	wheel      func(over fyne.CanvasObject, ev *fyne.ScrollEvent)
}

func (b *bindings) scroll(over fyne.CanvasObject, ev *fyne.ScrollEvent) { b.wheel(over, ev) }

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
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) { b.key(ev) })
	for name := range b.ctrl {
		c.AddShortcut(&desktop.CustomShortcut{KeyName: name, Modifier: fyne.KeyModifierShortcutDefault}, func(s fyne.Shortcut) { b.shortcut(s) })
	}
}
