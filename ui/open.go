// Package ui is the window: a view of widgets, and the presenter that knows
// what they mean.
//
// It draws with Fyne but does not start it, so that everything here is tested
// without a display. Fyne's drawing may be done without a graphics card:
// nothing moves by itself, and nothing is redrawn that did not change.
package ui

import (
	"net/url"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"mailgrant/app/history"
	"mailgrant/assets"
	"mailgrant/internal/native/accessibility"
	"mailgrant/internal/store"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
)

// Config is what the window is opened with. Of the presenter's part Open itself
// fills in what belongs to the toolkit and to the home folder, and the tests.
type Config struct {
	presenter.Config
	Title    string
	Home     string
	About    About
	Software bool                                  // the processor draws the window
	Contrast func() (accessibility.Contrast, bool) // the system's high-contrast theme; nil: it has none
}

// Window is the window with its presenter.
type Window struct {
	fyne.Window
	Presenter *presenter.Presenter // from Fill on
	View      *View
	app       fyne.App
	config    Config
	notes     *Notes
	look      func() // at the system's colours
	empty     *fyne.Container
}

// Open makes the window of an application, which Fill fills and Show shows.
func Open(a fyne.App, c Config) (*Window, error) {
	icon := fyne.NewStaticResource("icon.png", assets.Icon)
	a.SetIcon(icon)
	usual := Look()
	if c.Software {
		fyne.SetCurrentApp(calm{a})
		usual = PlainLook()
	}
	w := &Window{app: a, config: c, notes: NewNotes(c.Home, c.Log), empty: container.NewStack()}
	w.look = followContrast(a, usual, c.Contrast)
	read := readFonts() // while the toolkit starts
	if err := UseWords(c.Texts); err != nil {
		return nil, err
	}
	w.Window = a.NewWindow(c.Title)
	w.SetIcon(icon)
	w.SetPadded(false)
	w.SetContent(w.empty)
	w.Resize(w.notes.Size())
	<-read
	return w, nil
}

// Fill shows the window empty and makes its content meanwhile, for which there
// is time: the driver of OpenGL is loaded. The toolkit goes on with the window
// only when that is done, by asking for the size of what is in it.
func (w *Window) Fill() {
	made := make(chan struct{})
	w.empty.Layout = until(made)
	go func() {
		w.build()
		close(made)
	}()
	w.Show()
	<-made
	w.View.enter()
	w.app.Lifecycle().SetOnEnteredForeground(func() { // the user comes back from elsewhere
		w.look()
		w.Presenter.Reread()
	})
	w.SetCloseIntercept(w.Finish)
	w.SetOnDropped(func(_ fyne.Position, files []fyne.URI) { w.dropped(files) })
}

// The room that the system's frame takes, with the title.
const frameWidth, frameHeight = 16, 40

// FitScreen makes the window no larger than a screen with room for so many pixels,
// such as that of a usual laptop at 150 %.
func (w *Window) FitScreen(width, height int) {
	scale := w.Canvas().Scale()
	most := fyne.NewSize(float32(width)/scale-frameWidth, float32(height)/scale-frameHeight)
	if size := w.Canvas().Size(); size.Width > most.Width || size.Height > most.Height {
		w.Resize(fyne.NewSize(fyne.Min(size.Width, most.Width), fyne.Min(size.Height, most.Height)))
		w.CenterOnScreen()
	}
}

// until lays nothing out, and tells the size that this needs when its channel is
// closed. The toolkit's caches are read and written without locks (its tag
// migrated_fynedo): what it does with a window that has its driver must not meet
// the making of widgets.
type until chan struct{}

func (u until) MinSize([]fyne.CanvasObject) fyne.Size {
	<-u
	return fyne.Size{}
}

func (until) Layout([]fyne.CanvasObject, fyne.Size) {}

// build makes the content, in the size that it will have.
func (w *Window) build() {
	c := w.config
	w.View = newView(w.Window, c.Texts)
	w.View.about = c.About
	w.View.root.Resize(w.notes.Size())
	// Each result of a test is kept, so that the mailbox can tell since when it works.
	kept := history.New(c.Home)
	p := c.Config
	p.Version, p.Notes, p.Dispatch, p.Render = c.About.Version, w.notes, fyne.Do, w.View.Render
	keeping := func(run history.Tester) presenter.Tester {
		return presenter.Tester(kept.Recording(run, c.Log))
	}
	p.Test, p.RoundTrip = keeping(mailtest.NewPlaces(mailtest.PerHost).Run), keeping(mailtest.RoundTrip)
	p.History = kept
	p.CheckFolder = func() error { return store.CheckFolder(c.Home) }
	p.Copy = func(text string) bool {
		w.app.Clipboard().SetContent(text)
		return w.app.Clipboard().Content() == text // the Windows clipboard may be held by somebody else
	}
	p.Open = func(link string) error {
		u, err := url.Parse(link)
		if err != nil {
			return err
		}
		return w.app.OpenURL(u)
	}
	if c.Software {
		p.Ticker = slowTicker
	}
	w.Presenter = presenter.New(p)
	w.View.Bind(w.Presenter)
}

// Finish keeps what is to be kept and ends the application. Only its Quit also
// ends the toolkit's watching of its settings folder, which would be made
// again when it is removed.
func (w *Window) Finish() {
	w.View.leaveField()
	w.notes.SetSize(w.Canvas().Size())
	w.Presenter.Close()
	w.notes.Close()
	w.app.Quit()
}

// dropped takes files that are dragged onto the window.
func (w *Window) dropped(files []fyne.URI) {
	var paths []string
	for _, file := range files {
		paths = append(paths, filepath.FromSlash(file.Path()))
	}
	w.View.dropped(paths)
}

// calm is an application in which nothing moves by itself: where the processor
// draws, each picture takes up to a second of it, and a blinking cursor all of
// it. The toolkit asks the current application before it animates something.
type calm struct{ fyne.App }

func (c calm) Settings() fyne.Settings { return calmSettings{c.App.Settings()} }

type calmSettings struct{ fyne.Settings }

func (calmSettings) ShowAnimations() bool { return false }

// slowTicker moves the time left of a sign-in, less often than elsewhere.
func slowTicker() (ticks <-chan time.Time, stop func()) {
	t := time.NewTicker(10 * time.Second)
	return t.C, t.Stop
}
