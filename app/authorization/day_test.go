package authorization

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/app/practice"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/tests/longlife"
	"mailgrant/tests/practicetest"
)

// day is a machine with its clock, its network and the service out there, whose
// clock is right.
type day struct {
	*rig
	t     *testing.T
	road  *road
	begin time.Time
	past  atomic.Int64 // how far the world's time has come, in nanoseconds
	wrong time.Duration
	trial int // mailbox tests
	given int // different access tokens
	last  string
}

// TestADayOfRenewals is 24 hours in which the machine sleeps, its clock is set
// wrong and right again, and its network changes and goes away. Each trouble
// has a name while it lasts and leaves nothing behind.
func TestADayOfRenewals(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("needs addresses and figures of Linux")
	}
	w := newDay(t)
	troubles := []func(){w.calm, w.sleep, w.behind, w.ahead, w.moved, w.offline}
	for i := range 1024 { // what is kept of a run's secrets has a limit
		redact.NewSecret(fmt.Sprint(i) + strings.Repeat(".", 2048))
	}
	var half longlife.Figures
	for hour := range 24 {
		began := w.now()
		troubles[hour%len(troubles)]()
		for w.now().Sub(began) < time.Hour {
			w.works()
			w.pass(5 * time.Minute)
		}
		switch hour + 1 {
		case 3:
			t.Logf("after 3 hours: %v", w.figures())
		case 12:
			half = w.figures()
			t.Logf("after 12 hours: %v", half)
		}
	}
	end := w.figures()
	for range 20 { // on a busy machine what is over takes its time to end
		if half.Flat(end, 16) {
			break
		}
		end = w.figures()
	}
	t.Logf("after 24 hours: %v; %d access tokens, %d mailbox tests", end, w.given, w.trial)
	// Half a day has sixty tests: one that left something behind would show.
	if !half.Flat(end, 16) {
		t.Error("it grows")
	}
	if w.given < 15 {
		t.Error("the day was too short")
	}
}

func newDay(t *testing.T) *day {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("MAILGRANT_KEY_FILE", filepath.Join(dir, "key"))
	w := &day{t: t, begin: time.Now()}
	tenant := practicetest.Start(t, practice.Options{Now: w.now})
	w.rig = &rig{tenant: tenant, home: filepath.Join(dir, "home"), d: tenant.Definition()}
	service, err := url.Parse(tenant.URL())
	if err != nil {
		t.Fatal(err)
	}
	w.road = &road{}
	web, _ := strconv.Atoi(service.Port())
	w.road.ports = []int{web, w.d.Server(mailbox.IMAP).Port, w.d.Server(mailbox.POP3).Port, w.d.Server(mailbox.SMTP).Port}
	t.Cleanup(w.road.cut)
	if err := w.road.move(); err != nil {
		t.Fatal(err)
	}
	w.Manager = w.another()
	w.Manager.now = func() time.Time { return w.now().Add(w.wrong) }
	w.http = w.road.client
	w.signIn(t)
	return w
}

func (w *day) now() time.Time       { return w.begin.Add(time.Duration(w.past.Load())) }
func (w *day) pass(d time.Duration) { w.past.Add(int64(d)) }

// works: with nothing wrong an access token is there, and mail is.
func (w *day) works() {
	w.t.Helper()
	token, err := w.AccessToken(w.t.Context(), w.d, nil)
	if err != nil {
		w.t.Fatalf("at %v: %v", w.now(), err)
	}
	if token.Reveal() != w.last {
		w.given++
		w.last = token.Reveal()
	}
	if w.now().Minute()%15 < 5 {
		if r := w.test(w.t.Context()); len(r.Diagnoses()) > 0 {
			w.t.Fatalf("at %v: %v", w.now(), r.Diagnoses())
		}
	}
}

// troubled: whatever fails now has a name, and none that asks for a new sign-in.
func (w *day) troubled() {
	w.t.Helper()
	_, err := w.AccessToken(w.t.Context(), w.d, nil)
	_, wrong := w.Refresh(w.t.Context(), w.d)
	for _, err := range []error{err, wrong} {
		var diag diagnosis.Diagnosis
		if err != nil && (!errors.As(err, &diag) || diag.Cause == diagnosis.CauseUnknown || diag.Retry == diagnosis.RetrySignIn) {
			w.t.Errorf("at %v: %v", w.now(), err)
		}
	}
	for _, diag := range w.test(w.t.Context()).Diagnoses() {
		if diag.Cause == diagnosis.CauseUnknown {
			w.t.Errorf("at %v: %v", w.now(), diag)
		}
	}
	if s, err := w.Status(w.d); err != nil || s.State == StateRefused || s.State == StateNone {
		w.t.Errorf("at %v: %v, %v", w.now(), s.State, err)
	}
}

func (w *day) test(ctx context.Context) *mailtest.Report {
	w.trial++
	report := mailtest.NewReport(w.d, time.Now())
	for event := range mailtest.Run(ctx, mailtest.Config{Mailbox: w.d, Credential: w.Credential(w.d, nil), Dial: w.road.dial}) {
		report.Add(event)
	}
	return report
}

func (w *day) calm() {}

// sleep stops the machine in the middle of a test. It wakes after the access
// token has ended, and what was connected is dead.
func (w *day) sleep() {
	w.interrupted(func() {
		w.pass(50 * time.Minute)
		w.move()
	})
	w.works()
}

func (w *day) behind() { w.clock(-3 * time.Hour) }
func (w *day) ahead()  { w.clock(4 * time.Hour) }

// clock is wrong for a while.
func (w *day) clock(by time.Duration) {
	w.wrong = by
	for range 4 {
		w.troubled()
		w.pass(5 * time.Minute)
	}
	w.wrong = 0
	w.works()
}

// moved changes the network in the middle of a test.
func (w *day) moved() {
	w.interrupted(w.move)
	w.works()
}

func (w *day) move() {
	if err := w.road.move(); err != nil {
		w.t.Fatal(err)
	}
}

// offline is without a network for a while.
func (w *day) offline() {
	w.road.cut()
	for range 4 {
		w.troubled()
		w.pass(5 * time.Minute)
	}
	w.move()
	w.works()
}

// interrupted lets something happen in the middle of a mailbox test.
func (w *day) interrupted(by func()) {
	w.trial++
	happened := false
	for event := range mailtest.Run(w.t.Context(), mailtest.Config{Mailbox: w.d, Credential: w.Credential(w.d, nil), Dial: w.road.dial}) {
		if !happened && event.State == mailtest.Passed && event.Step == mailtest.StepTLS {
			happened = true
			by()
		}
	}
	if !happened {
		w.t.Error("the test was over too early")
	}
}

// figures counts once what has ended is gone: the counts stand still.
func (w *day) figures() longlife.Figures {
	var seen []int
	for range 250 {
		time.Sleep(20 * time.Millisecond)
		seen = append(seen, runtime.NumGoroutine())
		if last := seen[max(0, len(seen)-20):]; len(last) == 20 && slices.Max(last) == slices.Min(last) {
			break
		}
	}
	return longlife.Measure()
}
