package oauth

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// The clock of the flow, moved by the test.
func TestNextWayIsProposedNotOpened(t *testing.T) {
	f := newFake(t)
	fire := make(chan time.Time)
	c := testClientFor(t)
	c.after = func(d time.Duration) <-chan time.Time {
		if d == startLimit {
			return fire
		}
		return time.After(d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	silent := &deaf{}
	again := make(chan string)
	proposed := make(chan NextWay, 4)
	events := &recorder{on: func(e Event) {
		if n, ok := e.(NextWay); ok {
			proposed <- n
		}
	}}
	result := make(chan error, 1)
	go func() {
		_, err := c.SignIn(ctx, Request{Mailbox: f.definition(), Opener: silent, OnEvent: events.add, Again: again})
		result <- err
	}()
	fire <- time.Time{}
	n := <-proposed
	if n.Way != mailbox.SignInDefaultBrowser {
		t.Errorf("%+v", n)
	}
	if ways := silent.all(); len(ways) != 1 {
		t.Errorf("opened %v", ways)
	}
	again <- mailbox.SignInDefaultBrowser
	fire <- time.Time{}
	if n := <-proposed; n.Way != mailbox.SignInLink {
		t.Errorf("%+v", n)
	}
	if ways := silent.all(); strings.Join(ways, " ") != "private-window default-browser" {
		t.Errorf("opened %v", ways)
	}
	cancel()
	if err := <-result; causeOf(err) != diagnosis.CauseCancelled {
		t.Error(err)
	}
}

// Once a browser has come up there is nothing to propose, however long the
// sign-in takes.
func TestNothingIsProposedAfterTheBrowserCame(t *testing.T) {
	f := newFake(t)
	fire := make(chan time.Time)
	c := testClientFor(t)
	c.after = func(d time.Duration) <-chan time.Time {
		if d == startLimit {
			return fire
		}
		return time.After(d)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started, fetched, result := make(chan string, 1), make(chan bool, 1), make(chan error, 1)
	var address string
	go func() {
		_, err := c.SignIn(ctx, Request{Mailbox: f.definition(), Opener: &deaf{}, OnEvent: func(e Event) {
			switch e := e.(type) {
			case SignInStarted:
				address = e.URL
			case BrowserStarted:
				started <- address
			case BrowserFetched:
				fetched <- true
			case NextWay:
				t.Errorf("proposed %+v", e)
			}
		}})
		result <- err
	}()
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(<-started)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	<-fetched
	select {
	case fire <- time.Time{}:
		t.Error("the timer still counts")
	case <-time.After(50 * time.Millisecond):
	}
	cancel()
	if err := <-result; causeOf(err) != diagnosis.CauseCancelled {
		t.Error(err)
	}
}

// deaf starts browsers that never come up.
type deaf struct {
	mu   sync.Mutex
	ways []string
	err  map[string]error
}

func (d *deaf) Open(_ context.Context, way, _ string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ways = append(d.ways, way)
	return "Deaf", d.err[way]
}

func (d *deaf) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.ways...)
}

func TestFailedStartLeadsOnAtOnce(t *testing.T) {
	for name, tc := range map[string]struct {
		failing map[string]error
		opened  string
		next    string
	}{
		"no private window": {map[string]error{mailbox.SignInPrivateWindow: errNoPrivate}, "private-window default-browser", ""},
		"no browser":        {map[string]error{mailbox.SignInPrivateWindow: errNoPrivate, mailbox.SignInDefaultBrowser: errNoDisplay}, "private-window default-browser", mailbox.SignInLink},
	} {
		t.Run(name, func(t *testing.T) {
			noLeaks(t)
			d := &deaf{err: tc.failing}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var next, started string
			_, err := testClientFor(t).SignIn(ctx, Request{Mailbox: newFake(t).definition(), Opener: d, OnEvent: func(e Event) {
				switch e := e.(type) {
				case NextWay:
					next = e.Way
					cancel()
				case BrowserStarted:
					started = e.Way
					cancel()
				}
			}})
			if causeOf(err) != diagnosis.CauseCancelled || strings.Join(d.all(), " ") != tc.opened || next != tc.next {
				t.Errorf("%v, opened %v, next %q", err, d.all(), next)
			}
			if want := map[bool]string{true: mailbox.SignInDefaultBrowser}[tc.next == ""]; started != want {
				t.Errorf("started %q", started)
			}
		})
	}
}

func TestWithoutAListenerTheCauseIsNamed(t *testing.T) {
	c := testClientFor(t)
	c.listen = func(context.Context, string, string) (net.Listener, error) { return nil, syscall.EACCES }
	_, _, _, err := run(t, c, newFake(t).definition())
	if causeOf(err) != diagnosis.CauseLoopbackUnavailable {
		t.Error(err)
	}
}
