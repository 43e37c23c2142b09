package scripted

import (
	"fmt"
	"log/slog"
	"time"

	"fyne.io/fyne/v2"

	"mailgrant/app/history"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
)

// Stage is the window on a scripted engine, with a clock that stands still and
// a queue in the place of the window's event loop.
type Stage struct {
	Engine        *Engine
	Book          *Book
	Notes         *Notes
	Practice      *Practice
	Schedule      *Schedule // nil: there is no task scheduler
	Texts         *i18n.Texts
	Presenter     *presenter.Presenter
	View          *ui.View
	Window        fyne.Window
	State         presenter.State
	Now           time.Time
	Asked         bool          // the window was asked for in its language
	Version       string        // of the program, as reports tell it
	Practises     chan struct{} // nil: no second window can be opened
	PractiseFails error
	Copied        []string
	Announced     []string
	Opened        chan string
	Ticks         chan time.Time
	Preflight     presenter.Preflighter
	CheckProduct  presenter.ProductChecker
	Tests         presenter.Tester // what a test does; may be changed between two tests
	Trips         presenter.Tester // what a round trip does
	Importer      *Importer
	Rows          *Rows                             // of several mailboxes
	Past          func(name string) []history.Entry // nil: nothing is kept
	OnRender      func()                            // nil: nobody counts

	queue chan func()
}

// Clock is when every scene plays.
var Clock = time.Date(2026, 11, 23, 14, 44, 0, 0, time.Local)

// NewStage prepares a stage for a language with the given saved mailboxes.
func NewStage(language i18n.Language, saved ...mailbox.Definition) *Stage {
	s := &Stage{
		Engine: &Engine{}, Book: &Book{}, Notes: &Notes{}, Texts: i18n.For(language), Now: Clock,
		Opened: make(chan string, 8), Ticks: make(chan time.Time), queue: make(chan func(), 1024),
	}
	s.Importer, s.CheckProduct = &Importer{stage: s}, ProductFits
	for _, d := range saved {
		if err := s.Book.Put(d); err != nil {
			panic(fmt.Errorf("scripted: %w", err))
		}
	}
	return s
}

// Config is the presenter's configuration on this stage.
func (s *Stage) Config() presenter.Config {
	c := presenter.Config{
		Texts: s.Texts, LanguageFixed: s.Asked, Version: s.Version, Preflight: s.Preflight, CheckProduct: s.CheckProduct,
		Engine: s.Engine, Book: s.Book, Importer: s.Importer, Finder: Finder{}, Notes: s.Notes,
		Test:      func(ctx ctx, cfg mailtest.Config) events { return s.Tests(ctx, cfg) },
		RoundTrip: func(ctx ctx, cfg mailtest.Config) events { return s.Trips(ctx, cfg) },
		Dispatch:  func(do func()) { s.queue <- do },
		Render: func(state presenter.State) {
			s.State = state
			if s.OnRender != nil {
				s.OnRender()
			}
			if s.View != nil {
				s.View.Render(state)
			}
		},
		Copy:     func(text string) bool { s.Copied = append(s.Copied, text); return true },
		Announce: func(title, text string) { s.Announced = append(s.Announced, title+": "+text) },
		Notify:   func() {},
		Log:      slog.New(slog.DiscardHandler),
		Open:     func(link string) error { s.Opened <- link; return nil },
		Now:      func() time.Time { return s.Now },
		Ticker:   func() (<-chan time.Time, func()) { return s.Ticks, func() {} },
	}
	if s.Past != nil {
		c.History = pasts(s.Past)
	}
	if s.Schedule != nil {
		c.Schedule = s.Schedule
	}
	if s.Practises != nil {
		c.Practise = func() error {
			err := s.PractiseFails
			s.Practises <- struct{}{}
			return err
		}
	}
	if s.Practice != nil {
		c.Practice, c.Faults = s.Practice, Faults
	}
	return c
}

// Play starts the presenter without a window.
func (s *Stage) Play() *Stage {
	s.Presenter = presenter.New(s.Config())
	return s
}

// Show starts the presenter with its view in a window.
func (s *Stage) Show(w fyne.Window, size fyne.Size) *Stage {
	s.Window = w
	s.View = ui.NewView(w, s.Texts)
	w.Resize(size)
	s.Play()
	s.View.Bind(s.Presenter)
	return s
}

// Until runs what is queued until the state is as wanted, and the window was told
// so. It gives up after a minute, which is far longer than anything here takes.
func (s *Stage) Until(wanted func(presenter.State) bool) error {
	limit := time.After(time.Minute)
	for !wanted(s.State) || !wanted(s.Presenter.State()) {
		select {
		case do := <-s.queue:
			do()
		case <-limit:
			return fmt.Errorf("scripted: the window did not get there; it shows %+v", s.State)
		}
	}
	return nil
}

// Next waits for something to be queued and runs it.
func (s *Stage) Next() { (<-s.queue)() }

// Saved waits until all is saved, and runs what is queued then.
func (s *Stage) Saved() {
	s.Presenter.Flush()
	s.Settle()
}

// Settle runs what is queued now.
func (s *Stage) Settle() {
	for {
		select {
		case do := <-s.queue:
			do()
		default:
			return
		}
	}
}
