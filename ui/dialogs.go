package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/redact"
	"mailgrant/ui/presenter"
)

// sheet is a dialog whose content has our layout.
type sheet struct{ popup *widget.PopUp }

// showSheet opens a dialog with a title, content and buttons at its end.
func (v *View) showSheet(title string, width, height float32, inside fyne.CanvasObject, buttons ...fyne.CanvasObject) *sheet {
	head := newText(style{size: sizeHead, bold: true}, title)
	foot := newRow(8, 0, append([]fyne.CanvasObject{newColumn(0)}, buttons...)...)
	body := newPadded(18, 22, 18, 22, container.New(sheetLayout{}, head.object, inside, foot))
	popup := widget.NewModalPopUp(body, v.window.Canvas())
	s := &sheet{popup}
	size := v.window.Canvas().Size()
	popup.Resize(fyne.NewSize(fyne.Min(width, size.Width-32), fyne.Min(height, size.Height-32)))
	popup.Show()
	arrange(body)
	return s
}

func (s *sheet) close() { s.popup.Hide() }

// sheetLayout keeps title and buttons in sight; the content gets the rest.
type sheetLayout struct{}

// Layout implements fyne.Layout.
func (sheetLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	top, foot := heightAt(o[0], size.Width), o[2].MinSize().Height
	o[0].Resize(fyne.NewSize(size.Width, top))
	o[1].Move(fyne.NewPos(0, top+12))
	o[1].Resize(fyne.NewSize(size.Width, size.Height-top-foot-28))
	o[2].Move(fyne.NewPos(0, size.Height-foot))
	o[2].Resize(fyne.NewSize(size.Width, foot))
}

// MinSize implements fyne.Layout.
func (sheetLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b, c := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	return fyne.NewSize(fyne.Max(fyne.Max(a.Width, b.Width), c.Width), a.Height+b.Height+c.Height+28)
}

// showExplain takes an error text and says what it means.
func (v *View) showExplain() {
	area := newTextArea(nil, 5)
	area.SetPlaceHolder(v.t("ui.explain.placeholder"))
	found := newColumn(10)
	page := container.NewVScroll(newPadded(0, 12, 0, 0, found))
	hint := newText(style{dim: true}, v.t("ui.explain.hint"))
	var s *sheet
	show := func(words string) {
		found.RemoveAll()
		for _, f := range v.do.Explain(words) {
			box := v.newFindingBox()
			box.set(&f)
			found.Add(box.object)
		}
		page.ScrollToTop()
		arrange(s.popup.Content)
	}
	v.explain = func(log string) {
		area.SetText(redact.Text(log)) // its beginning: the area is no viewer of long files
		show(log)
	}
	leave := func() { s.close(); v.explain = nil }
	explain := newButton(nil, v.t("ui.explain.do"), nil, func() { show(area.Text) })
	explain.Importance = widget.HighImportance
	closing := newButton(nil, v.t("ui.dialog.close"), nil, leave)
	top := newColumn(8, hint.object, area, newRow(0, -1, explain))
	s = v.showSheet(v.t("ui.explain.title"), 720, 620, container.New(topAndGap{}, top, page), closing)
	escape := &bindings{plain: map[fyne.KeyName]func(){fyne.KeyEscape: leave}}
	area.keys, explain.keys, closing.keys = escape, escape, escape
	v.focus(area)
}

// topAndGap is topAndRest with a distance between the two.
type topAndGap struct{ topAndRest }

// Layout implements fyne.Layout.
func (topAndGap) Layout(o []fyne.CanvasObject, size fyne.Size) {
	h := heightAt(o[0], size.Width)
	o[0].Resize(fyne.NewSize(size.Width, h))
	o[1].Move(fyne.NewPos(0, h+12))
	o[1].Resize(fyne.NewSize(size.Width, fyne.Max(0, size.Height-h-12)))
}

// showRename asks for another name.
func (v *View) showRename() {
	name := newEntry(nil, nil)
	name.set(v.toolbar.name)
	wrong := newStatus(style{size: sizeSmall})
	wrong.words.setImportance(widget.DangerImportance)
	var s *sheet
	do := func() {
		reason := v.do.Rename(name.Text)
		if reason == "" {
			s.close()
			return
		}
		wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: reason})
		s.popup.Resize(fyne.NewSize(s.popup.Size().Width, 230))
		arrange(s.popup.Content)
	}
	ok := newButton(nil, v.t("ui.rename.do"), nil, do)
	ok.Importance = widget.HighImportance
	cancel := newButton(nil, v.t("ui.dialog.cancel"), nil, func() { s.close() })
	name.onEnter = do
	s = v.showSheet(v.t("ui.rename.title"), 460, 170, newColumn(6, name, wrong.object), cancel, ok)
	escape := &bindings{plain: map[fyne.KeyName]func(){fyne.KeyEscape: s.close}}
	name.keys, ok.keys, cancel.keys = escape, escape, escape
	v.focus(name)
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// askForget makes sure, because it cannot be taken back.
func (v *View) askForget() {
	var s *sheet
	ok := newButton(nil, v.t("ui.auth.forget"), nil, func() { s.close(); v.do.Forget() })
	ok.Importance = widget.DangerImportance
	cancel := newButton(nil, v.t("ui.dialog.cancel"), nil, func() { s.close() })
	s = v.showSheet(v.t("ui.forget.title"), 480, 190, newText(style{}, v.t("ui.forget.what")).object, cancel, ok)
	escape := &bindings{plain: map[fyne.KeyName]func(){fyne.KeyEscape: s.close}}
	ok.keys, cancel.keys = escape, escape
	v.focus(cancel)
}
