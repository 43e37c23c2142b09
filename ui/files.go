package ui

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"mailgrant/internal/bounded"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/ui/presenter"
)

// What is read of a file at most: more than any certificate needs, and enough of
// any log.
const (
	maxCertificate int64 = 1 << 20
	maxLog         int64 = 64 << 20
)

func (v *View) showExport() {
	name, data, ok := v.do.Export()
	if !ok {
		return
	}
	v.showFiles(v.t("ui.export.title"), v.t("ui.export.do"), filepath.Join(v.folder, name), definitionFiles, func(path string) error {
		return v.writeFile(path, data)
	})
}

// writeFile writes a file that a user named. One that is there already is
// replaced only when it is named a second time.
func (v *View) writeFile(path string, data []byte) error {
	if _, err := os.Stat(path); err == nil && path != v.replaced {
		v.replaced = path
		return errors.New(v.t("ui.export.exists"))
	}
	err := store.WriteFile(path, data)
	if err == nil {
		v.do.FileWritten(filepath.Base(path))
	}
	return err
}

// showReport saves what the last test found.
func (v *View) showReport() {
	var c presenter.ReportChoice
	hide := newCheck(v.keys, v.t("ui.report.hide-addresses"), func(on bool) { c.HideAddresses = on })
	second := newCheck(v.keys, v.t("ui.report.second-language"), func(on bool) { c.SecondLanguage = on })
	v.showFiles(v.t("ui.report.title"), v.t("ui.export.do"), filepath.Join(v.folder, v.do.ReportName()), reportFiles, func(path string) error {
		data, ok := v.do.Report(path, c)
		if !ok {
			return errors.New(v.t("ui.report.ending", "endings", strings.Join(reportFiles, ", ")))
		}
		return v.writeFile(path, data)
	}, newFlow(16, 4, hide, second))
}

// showCertificate lets the user choose the certificate of an application.
func (v *View) showCertificate() {
	v.showFiles(v.t("ui.certificate.title"), v.t("ui.secret.store"), v.folder, certificateFiles, func(path string) error {
		data, err := bounded.ReadFile(path, maxCertificate)
		if err == nil {
			v.do.SetCertificate(data)
		}
		return err
	})
}

// showNewCertificate asks where the public part of a new certificate is to be
// written. A file that is there already is left alone: it may be the one that
// was uploaded.
func (v *View) showNewCertificate() {
	v.showFiles(v.t("ui.certificate.new-title"), v.t("ui.export.do"), filepath.Join(v.folder, "mailgrant.cer"), certificateFiles, func(path string) error {
		if _, err := os.Stat(path); err == nil {
			return errors.New(v.t("ui.certificate.exists"))
		}
		v.do.NewCertificate(filepath.Base(path), func(public []byte) error { return store.WriteFile(path, public) })
		return nil
	})
}

// The kinds of file that are listed, by their names' ends.
var (
	definitionFiles  = []string{".json"}
	certificateFiles = []string{".pem", ".crt", ".cer", ".key"}
	reportFiles      = []string{".html", ".txt", ".json", ".csv"}
)

// picker lets the user choose a file. The toolkit's own speaks English in
// places and keeps what was chosen in preferences that this program does not
// have.
type picker struct {
	v     *View
	path  *entry
	list  *rowList
	wrong *status
	ends  []string // of the files that are listed
	names []string // of what lies in the folder; folders end in a separator
	sheet *sheet
	do    func(path string) error
}

// showFiles opens it. Options, if there are any, stand above the list.
func (v *View) showFiles(title, verb, path string, ends []string, do func(string) error, options ...fyne.CanvasObject) {
	p := &picker{v: v, ends: ends, sheet: v.newSheet(title), wrong: newStatus(style{size: sizeSmall}), do: do}
	p.wrong.words.setImportance(widget.DangerImportance)
	p.path = newEntry(v.keys, func(string) { p.read() })
	p.path.onEnter = p.choose
	p.list = newRowList(v.keys, func() int { return len(p.names) }, p.newRow, p.setRow)
	p.list.OnSelected = func(i widget.ListItemID) { p.open(i) }
	up := newButton(v.keys, v.t("ui.files.up"), theme.MoveUpIcon(), func() { p.goTo(filepath.Dir(p.dir())) })
	ok := newButton(v.keys, verb, nil, p.choose)
	ok.Importance = widget.HighImportance
	p.path.set(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		p.path.set(path + string(filepath.Separator))
	}
	p.read()
	top := newColumn(6, append([]fyne.CanvasObject{newRow(6, 0, p.path, up), p.wrong.object}, options...)...)
	p.sheet.show(640, 520, container.New(topAndGap{}, top, p.list), p.sheet.closeButton("ui.dialog.cancel"), ok)
	v.focus(p.path)
	p.path.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
}

func (p *picker) newRow() fyne.CanvasObject {
	return newPadded(6, 8, 6, 8, newRow(8, 1, fixed(16, 18, widget.NewIcon(nil)), newText(style{}, " ").object))
}

func (p *picker) setRow(i widget.ListItemID, o fyne.CanvasObject) {
	parts := o.(*fyne.Container).Objects[0].(*fyne.Container).Objects
	icon := parts[0].(*fyne.Container).Objects[0].(*widget.Icon)
	label := parts[1].(*fyne.Container).Objects[0].(*widget.Label)
	name, isFolder := strings.CutSuffix(p.names[i], string(filepath.Separator))
	icon.SetResource(theme.FileTextIcon())
	if isFolder {
		icon.SetResource(theme.FolderIcon())
	}
	label.Wrapping, label.Truncation = fyne.TextWrapOff, fyne.TextTruncateEllipsis
	label.SetText(name)
}

// dir is the folder that is listed.
func (p *picker) dir() string { return filepath.Dir(p.path.Text + "x") }

// read lists the folders and fitting files of the folder.
func (p *picker) read() {
	p.names = nil
	entries, err := os.ReadDir(p.dir())
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case e.IsDir():
			p.names = append(p.names, name+string(filepath.Separator))
		case slices.Contains(p.ends, strings.ToLower(filepath.Ext(name))):
			p.names = append(p.names, name)
		}
	}
	slices.SortStableFunc(p.names, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	p.say(err)
	p.list.UnselectAll()
	p.list.Refresh()
}

func (p *picker) say(err error) {
	words := ""
	var at *fs.PathError
	var unread *bounded.Error
	switch {
	case err == nil:
	case errors.As(err, &unread):
		words = unread.Text(p.v.texts)
	case errors.Is(err, fs.ErrNotExist):
		words = p.v.t("ui.files.missing")
	case errors.Is(err, fs.ErrPermission):
		words = p.v.t("ui.files.forbidden")
	case errors.As(err, &at):
		words = redact.Line(at.Err.Error())
	default:
		words = redact.Line(err.Error())
	}
	p.wrong.set(presenter.Line{Mark: presenter.MarkBad, Text: words})
	if p.sheet.popup != nil {
		p.sheet.arrange()
	}
}

func (p *picker) open(i widget.ListItemID) {
	path := filepath.Join(p.dir(), p.names[i])
	if strings.HasSuffix(p.names[i], string(filepath.Separator)) {
		p.goTo(path)
		return
	}
	p.path.set(path)
}

func (p *picker) goTo(dir string) {
	p.path.set(strings.TrimSuffix(dir, string(filepath.Separator)) + string(filepath.Separator))
	p.read()
}

// choose does what the picker was opened for; on failure it stays.
func (p *picker) choose() {
	path := p.path.Text
	if strings.HasSuffix(path, string(filepath.Separator)) || path == "" {
		return
	}
	if err := p.do(path); err != nil {
		p.say(err)
		return
	}
	p.v.folder = filepath.Dir(path)
	p.sheet.close()
}
