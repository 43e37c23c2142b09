package longlife

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/practice"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
)

// TestTwoThousandCycles signs in and tests all three protocols again and again
// in one window without widgets, against a practice tenant in another process.
func TestTwoThousandCycles(t *testing.T) {
	if os.Getenv("MAILGRANT_TEST_TENANT") != "" {
		serve()
	}
	for i := range 1024 { // what is kept of a run's secrets has a limit
		redact.NewSecret(fmt.Sprint(i) + strings.Repeat(".", 2048))
	}
	w := open(t, tenant(t))
	var half Figures
	began := time.Now()
	for n := 1; n <= cycles; n++ {
		w.p.Request()
		w.p.Act(presenter.ActionAllowService) // asked the first time
		w.until("a sign-in", func(s presenter.State) bool { return s.Auth.CanRequest })
		if s := w.shown; s.Auth.Finding != nil || s.Auth.Status.Mark != presenter.MarkGood {
			t.Fatalf("cycle %d: %+v, %+v", n, s.Auth.Status, s.Auth.Finding)
		}
		w.p.Test()
		w.until("a test", func(s presenter.State) bool { return s.Test.CanTest })
		if s := w.shown; s.Test.Summary.Mark != presenter.MarkGood || len(s.Test.Protocols) != 3 {
			t.Fatalf("cycle %d: %+v, %+v", n, s.Test.Summary, s.Test.Findings)
		}
		switch n {
		case cycles / 10:
			t.Logf("after %d cycles, %v: %v", n, time.Since(began).Round(time.Second), w.settled())
		case cycles / 2:
			half = w.settled()
			t.Logf("after %d cycles, %v: %v", n, time.Since(began).Round(time.Second), half)
		}
	}
	end := w.settled()
	for range 20 { // on a busy machine what is over takes its time to end
		if flat(half, end) {
			break
		}
		end = w.settled()
	}
	t.Logf("after %d cycles, %v: %v", cycles, time.Since(began).Round(time.Second), end)
	if !flat(half, end) {
		t.Error("it grows")
	}
}

// window is the window's logic with a queue in the place of its event loop.
type window struct {
	t     *testing.T
	m     *authorization.Manager
	home  string
	p     *presenter.Presenter
	shown presenter.State
	queue chan func()
}

func open(t *testing.T, d mailbox.Definition) *window {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	log := slog.New(slog.DiscardHandler)
	home := filepath.Join(dir, "home")
	m := authorization.New(home, i18n.For(i18n.English), log)
	if err := m.Book.Put(d); err != nil {
		t.Fatal(err)
	}
	w := &window{t: t, m: m, home: home, queue: make(chan func(), 1024)}
	w.p = presenter.New(presenter.Config{
		Texts: i18n.For(i18n.English), Engine: engine{m}, Book: m.Book, Finder: finder{}, Notes: notes{}, Log: log,
		Test:     presenter.Tester(m.History.Recording(mailtest.Run, log)),
		Dispatch: func(do func()) { w.queue <- do },
		Render:   func(s presenter.State) { w.shown = s },
		Copy:     func(string) bool { return true },
		Open:     func(string) error { return nil },
		Notify:   func() {},
	})
	t.Cleanup(w.p.Close)
	return w
}

// until lets the window work until something is so.
func (w *window) until(what string, so func(presenter.State) bool) {
	w.t.Helper()
	limit := time.After(time.Minute)
	for !so(w.shown) {
		select {
		case do := <-w.queue:
			do()
		case <-limit:
			w.t.Fatalf("%s does not end: %+v", what, w.shown.Auth)
		}
	}
}

// flat reports no growth. What a cycle left behind would be there once for each
// of the second half. Under the race detector the resident memory is the
// detector's.
func flat(half, end Figures) bool {
	return half.Flat(end, cycles/10) && (raced || end.Resident <= half.Resident+half.Resident/10+4096)
}

// settled measures once what has ended is gone.
func (w *window) settled() Figures {
	w.t.Helper()
	last, same := 0, 0
	for range 500 {
		select {
		case do := <-w.queue:
			do()
		case <-time.After(20 * time.Millisecond):
		}
		if n := runtime.NumGoroutine(); n == last {
			same++
		} else {
			last, same = n, 0
		}
		if same == 25 {
			break
		}
	}
	return Measure()
}

// engine signs in without a browser.
type engine struct{ *authorization.Manager }

func (e engine) Request(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
	o.Opener = practice.Browser(practice.Helpdesk.UPN)
	return e.Manager.Request(ctx, d, o)
}

// finder is never asked: the mailbox is complete.
type finder struct{}

func (finder) Propose(context.Context, mailbox.Definition) (mailbox.Definition, error) {
	return mailbox.Definition{}, nil
}

func (finder) Tenant(context.Context, mailbox.Definition, string) (string, error) {
	return "", nil
}

type notes struct{}

func (notes) LoadDrafts() []presenter.Draft      { return nil }
func (notes) SaveDrafts([]presenter.Draft) error { return nil }
func (notes) Kept() presenter.Remembered         { return presenter.Remembered{} }
func (notes) Keep(presenter.Remembered)          {}

// tenant starts a practice tenant in a process of its own, which has its own
// descriptors and memory, and ends it with the test.
func tenant(t *testing.T) mailbox.Definition {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestTwoThousandCycles$")
	file := filepath.Join(t.TempDir(), "definition.json")
	c.Env = append(os.Environ(), "MAILGRANT_TEST_TENANT="+file)
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = c.Wait()
	})
	if _, err := fmt.Fscanln(stdout); err != nil && err.Error() != "unexpected newline" {
		t.Fatal(err)
	}
	d, err := mailbox.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// serve is the tenant's process. It ends with its standard input.
func serve() {
	p, err := practice.Start(context.Background(), practice.Options{})
	if err == nil {
		err = os.WriteFile(os.Getenv("MAILGRANT_TEST_TENANT"), p.Definition().Format(), 0o600)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	fmt.Println()
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}
