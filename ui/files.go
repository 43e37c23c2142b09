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
	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/ui/presenter"
)

// maxCertificate is what is read of a file at most: more than any needs.
const maxCertificate int64 = 1 << 20

// work is what is done with a file that the user named.
type work struct {
	beside func() error // the window
	then   func()       // in it, if nothing failed
	done   bool         // by then: it is to be told though the user has given the dialog up
}

// failing is work that cannot be begun.
func failing(words string) work {
	return work{beside: func() error { return errors.New(words) }}
}

// existsError asks whether a file is to be replaced.
type existsError struct{ error }

// writing writes a file that a user named. One that is there already is
// replaced only when it is named a second time in the same dialog.
func (v *View) writing(path string, read func() ([]byte, error)) work {
	again := path == v.replaced
	return work{done: true, beside: func() error {
		if err := store.CheckPath(path); err != nil {
			return err
		}
		if _, err := os.Stat(path); err == nil && !again {
			return existsError{errors.New(v.t("ui.export.exists"))}
		}
		data, err := read()
		if err != nil {
			return err
		}
		return store.WriteNamed(path, data)
	}, then: func() { v.do.FileWritten(path) }}
}

// showReport saves what the last test found.
func (v *View) showReport() {
	var c presenter.ReportChoice
	hide := newCheck(v.keys, v.t("ui.report.hide-addresses"), func(on bool) { c.HideAddresses = on })
	second := newCheck(v.keys, v.t("ui.report.second-language"), func(on bool) { c.SecondLanguage = on })
	v.saving("ui.report.title", v.do.ReportName(), reportFiles, func(path string) func() ([]byte, error) { return v.do.Report(path, c) }, newFlow(16, 4, hide, second))
}

// saving writes what data reads in the format that a file's name asks for, and
// nothing where it is none of those.
func (v *View) saving(title, name string, ends []string, data func(file string) func() ([]byte, error), option fyne.CanvasObject) {
	formats := v.t("ui.files.formats", "endings", strings.Join(ends, ", "))
	v.showFiles(v.t(title), v.t("ui.export.do"), name, ends, func(path string) work {
		if read := data(path); read != nil {
			return v.writing(path, read)
		}
		return failing(formats)
	}, option, newText(style{size: sizeSmall, dim: true}, formats).object)
}

// showCertificate lets the user choose the certificate of an application.
func (v *View) showCertificate() {
	v.showFiles(v.t("ui.certificate.title"), v.t("ui.secret.store"), "", certificateFiles, func(path string) work {
		var data []byte
		return work{beside: func() (err error) {
			data, err = bounded.ReadFile(path, maxCertificate)
			return err
		}, then: func() { v.do.SetCertificate(data) }}
	})
}

// showNewCertificate asks where the public part of a new certificate is to be
// written. A file that is there already is left alone: it may be the one that
// was uploaded.
func (v *View) showNewCertificate() {
	v.showFiles(v.t("ui.certificate.new-title"), v.t("ui.export.do"), "mailgrant.cer", certificateFiles, func(path string) work {
		return work{beside: func() error {
			if _, err := os.Stat(path); err == nil {
				return errors.New(v.t("ui.certificate.exists"))
			}
			return store.CheckPath(path)
		}, then: func() {
			v.do.NewCertificate(filepath.Base(path), func(public []byte) error { return store.WriteNew(path, public, store.Public) })
		}}
	})
}

// The kinds of file that are listed, by their names' ends.
var (
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
	state *status
	ends  []string // of the files that are listed
	read  string   // the folder that was read last
	names []string // of what lies in it; folders end in a separator
	busy  bool     // with the file that was chosen
	told  bool     // something about that file
	sheet *sheet
	do    func(path string) work
}

// showFiles opens it in the folder that was used last, and proposes a name
// there. Options, if there are any, stand above the list.
func (v *View) showFiles(title, verb, name string, ends []string, do func(path string) work, options ...fyne.CanvasObject) {
	p := &picker{v: v, ends: ends, sheet: v.newSheet(title), state: newStatus(style{size: sizeSmall}), do: do}
	p.path = newEntry(v.keys, func(string) { p.follow() })
	p.path.onEnter = p.choose
	p.sheet.take = func(file string) { p.path.SetText(file) }
	v.replaced = ""
	p.list = newRowList(v.keys, func() int { return len(p.names) }, p.newRow, p.setRow)
	p.list.OnSelected = func(i widget.ListItemID) { p.open(i) }
	up := newButton(v.keys, v.t("ui.files.up"), theme.MoveUpIcon(), func() { p.goTo(filepath.Dir(p.dir())) })
	ok := newPrimary(v.keys, verb, p.choose)
	top := newColumn(6, append([]fyne.CanvasObject{newRow(6, 0, p.path, up), p.state.object}, options...)...)
	p.sheet.show(640, 520, container.New(column{gapCard, 1}, top, p.list), p.sheet.closeButton("ui.dialog.cancel"), ok)
	p.goTo(v.folder)
	p.path.set(p.path.Text + name)
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

func (p *picker) dir() string { return filepath.Dir(p.path.Text + "x") }

// follow lists the folder of what is typed, if it is another one. A folder on a
// server may be slow to answer, so it is read beside the window.
func (p *picker) follow() {
	// A whole path that is put behind the folder which stands there takes its place.
	if path, behind := strings.CutPrefix(p.path.Text, strings.TrimSuffix(p.read, string(filepath.Separator))+string(filepath.Separator)); behind && filepath.IsAbs(strings.TrimPrefix(path, `"`)) {
		p.path.set(path)
	}
	if path, begun := strings.CutPrefix(p.path.Text, `"`); begun && strings.HasSuffix(path, `"`) { // as the Explorer copies a path
		p.path.set(strings.TrimSuffix(path, `"`))
	}
	p.say(nil)
	p.told = false
	dir := p.dir()
	if dir == p.read {
		return
	}
	p.read, p.names = dir, nil
	p.list.UnselectAll()
	p.list.Refresh()
	p.v.do.Beside(func() func() {
		names, err := list(dir, p.ends)
		return func() {
			if dir == p.read && p.sheet.isOpen() {
				p.names = names
				p.list.Refresh()
				if !p.told {
					p.say(err)
				}
			}
		}
	})
}

// list names the folders of a folder, and the files with one of the ends.
func list(dir string, ends []string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."):
		case e.IsDir():
			names = append(names, name+string(filepath.Separator))
		case slices.Contains(ends, strings.ToLower(filepath.Ext(name))):
			names = append(names, name)
		}
	}
	slices.SortFunc(names, i18n.Compare)
	return names, err
}

// say shows why something failed; nil: nothing did.
func (p *picker) say(err error) {
	words := ""
	var at *fs.PathError
	var told interface{ Text(*i18n.Texts) string }
	switch {
	case err == nil:
	case errors.As(err, &told):
		words = told.Text(p.v.texts)
	case errors.Is(err, fs.ErrNotExist):
		words = p.v.t("ui.files.missing")
	case errors.Is(err, fs.ErrPermission):
		words = p.v.t("ui.files.forbidden")
	case errors.As(err, &at):
		words = redact.Line(at.Err.Error())
	default:
		words = redact.Line(err.Error())
	}
	p.show(presenter.Line{Mark: presenter.MarkBad, Text: words})
}

func (p *picker) show(l presenter.Line) {
	p.state.words.setImportance(map[presenter.Mark]widget.Importance{presenter.MarkBad: widget.DangerImportance}[l.Mark])
	p.state.set(l)
	p.sheet.arrange()
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
	p.follow()
}

// choose does what the picker was opened for, beside the window; on failure it
// stays.
func (p *picker) choose() {
	path := p.path.Text
	if strings.HasSuffix(path, string(filepath.Separator)) || path == "" || p.busy {
		return
	}
	do := p.do(path)
	p.busy, p.told = true, true
	p.show(presenter.Line{Mark: presenter.MarkRunning, Text: p.v.t("ui.files.busy")})
	p.v.do.Lasting(func() func() {
		err := do.beside()
		return func() {
			p.busy = false
			switch _, there := err.(existsError); {
			case err == nil && !do.done && !p.sheet.isOpen():
			case err == nil:
				p.v.folder = filepath.Dir(path)
				p.sheet.close() // or what comes next could not have the keys
				do.then()
			case p.sheet.isOpen():
				if p.say(err); there {
					p.v.replaced = path
				}
			default:
				p.v.do.FileFailed(err)
			}
		}
	})
}
