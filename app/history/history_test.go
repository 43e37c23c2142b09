package history

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

var start = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)

// entry is the result of one test; IMAP always works.
func entry(minute int, smtp mailtest.State) Entry {
	e := Entry{At: start.Add(time.Duration(minute) * time.Minute), Results: map[mailtest.Protocol]Result{
		mailtest.IMAP: {State: mailtest.Passed}, mailtest.SMTP: {State: smtp},
	}}
	if smtp == mailtest.Failed {
		e.Cause = diagnosis.CauseTokenUserMismatch
		e.Results[mailtest.SMTP] = Result{State: smtp, Cause: e.Cause}
	}
	return e
}

func TestStanding(t *testing.T) {
	const good, bad = mailtest.Passed, mailtest.Failed
	for name, c := range map[string]struct {
		states        []mailtest.State
		ok            bool
		since, before int // minutes; -1 none
		text          string
	}{
		"works":           {[]mailtest.State{good, mailtest.Warned, good}, true, 0, -1, "working since 24 Nov 2026, 09:00"},
		"works again":     {[]mailtest.State{good, bad, good, good}, true, 2, 1, "working since 24 Nov 2026, 09:02; failed until 24 Nov 2026, 09:01"},
		"fails":           {[]mailtest.State{bad, bad}, false, 0, -1, "failing since 24 Nov 2026, 09:00: "},
		"fails after":     {[]mailtest.State{good, bad, bad}, false, 1, 0, "failing since 24 Nov 2026, 09:01, after working until 24 Nov 2026, 09:00: "},
		"cannot sign in":  {[]mailtest.State{good, mailtest.Skipped}, false, 1, 0, "failing since 24 Nov 2026, 09:01, after working until 24 Nov 2026, 09:00"},
		"one result only": {[]mailtest.State{bad}, false, 0, -1, "failing since 24 Nov 2026, 09:00: "},
	} {
		t.Run(name, func(t *testing.T) {
			var all []Entry
			for i, state := range c.states {
				all = append(all, entry(i, state))
			}
			s, ok := StandingOf(all)
			minute := func(at time.Time) int {
				if at.IsZero() {
					return -1
				}
				return int(at.Sub(start).Minutes())
			}
			if !ok || s.OK != c.ok || minute(s.Since) != c.since || minute(s.Before) != c.before {
				t.Errorf("%+v", s)
			}
			if text := s.Text(i18n.For(i18n.English), start); !strings.HasPrefix(text, c.text) || strings.ContainsAny(text, "{⟨") {
				t.Errorf("%q, want %q", text, c.text)
			}
			if s, _ := StandingOf(Only(all, mailtest.IMAP)); !s.OK || s.Since != start || s.Last.Cause != "" {
				t.Errorf("IMAP: %+v", s)
			}
		})
	}
	if _, ok := StandingOf(nil); ok || len(Only([]Entry{entry(0, good)}, mailtest.POP3)) != 0 {
		t.Error("a standing without results")
	}
}

func TestOnlyTheLastAreKept(t *testing.T) {
	h := New(t.TempDir())
	for i := range Keep + 20 {
		if err := h.Add(t.Context(), "Desk", entry(i, mailtest.Passed)); err != nil {
			t.Fatal(err)
		}
	}
	all, err := h.Load("DESK")
	if err != nil || len(all) != Keep || all[0].At != start.Add(20*time.Minute) {
		t.Errorf("%v: %d, %v", err, len(all), all[0].At)
	}
	if all, err := h.Load("Other"); len(all) != 0 || err != nil {
		t.Errorf("%v: %v", err, all)
	}
}

func TestDamagedLinesAreLeftOut(t *testing.T) {
	h := New(t.TempDir())
	for i := range 3 {
		if err := h.Add(t.Context(), "Desk", entry(i, mailtest.Passed)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(h.path("Desk"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	if err := os.WriteFile(h.path("Desk"), []byte(lines[0]+"garbage\n{}\n"+lines[2][:len(lines[2])/2]), 0o600); err != nil {
		t.Fatal(err)
	}
	if all, err := h.Load("Desk"); err != nil || len(all) != 1 {
		t.Errorf("%v: %v", err, all)
	}
}

// TestItGoesWithTheMailbox: removed and renamed together.
func TestItGoesWithTheMailbox(t *testing.T) {
	home := t.TempDir()
	h, book := New(home), mailbox.NewBook(home)
	d, err := mailbox.Parse([]byte(`{"name":"Desk","sender":"d@contoso.com","authentication":"password","imap":{"host":"imap.contoso.com","port":993,"security":"tls"}}`))
	if err == nil {
		err = errors.Join(book.Put(d), h.Add(t.Context(), "Desk", entry(0, mailtest.Passed)))
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Name = "Service Desk"
	if err := errors.Join(book.Put(d), h.Move(t.Context(), "Desk", d.Name), book.Remove("Desk")); err != nil {
		t.Fatal(err)
	}
	if all, _ := h.Load(d.Name); len(all) != 1 {
		t.Error("the results did not come along")
	}
	if err := errors.Join(h.Move(t.Context(), d.Name, "SERVICE DESK"), h.Move(t.Context(), "Nobody", "Somebody"), book.Remove(d.Name)); err != nil {
		t.Fatal(err)
	}
	if all, _ := h.Load(d.Name); len(all) != 0 {
		t.Error("the results outlived their mailbox")
	}
}

func TestManyWriteAtOnce(t *testing.T) {
	home := t.TempDir()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if err := New(home).Add(t.Context(), "Desk", entry(i, mailtest.Passed)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := New(home).Load("Desk"); err != nil || len(got) != 40 {
		t.Errorf("%v: %d results", err, len(got))
	}
}

// scripted is a test that goes through the steps of one protocol.
func scripted(state mailtest.State) Tester { return scriptedBy(mailtest.IMAP, state) }

func scriptedBy(p mailtest.Protocol, state mailtest.State) Tester {
	return func(_ context.Context, _ mailtest.Config) iter.Seq[mailtest.Event] {
		return func(yield func(mailtest.Event) bool) {
			e := mailtest.Event{Protocol: p, Step: mailtest.StepAuthenticate, State: state, Start: start, Duration: time.Second}
			if state == mailtest.Failed {
				d := diagnosis.New(diagnosis.CauseTokenUserMismatch, diagnosis.PhaseIMAP, nil)
				d.ServerText = "NO canary"
				e.Diagnosis, e.Facts = &d, map[string]any{"said": "canary"}
			}
			if yield(e) {
				yield(mailtest.Event{Protocol: p, Step: mailtest.StepQuit, State: mailtest.Passed, Start: start.Add(time.Second)})
			}
		}
	}
}

func TestRecording(t *testing.T) {
	h := New(t.TempDir())
	config := mailtest.Config{Mailbox: mailbox.Definition{Name: "Desk"}}
	test := func(ctx context.Context, state mailtest.State, stopAfter int) {
		for range h.Recording(scripted(state), slog.New(slog.DiscardHandler))(ctx, config) {
			if stopAfter--; stopAfter == 0 {
				break
			}
		}
	}
	test(t.Context(), mailtest.Passed, -1)
	test(t.Context(), mailtest.Failed, -1)
	test(t.Context(), mailtest.Failed, 1) // nobody saw its end
	ended, end := context.WithCancel(t.Context())
	end()
	test(ended, mailtest.Failed, -1)
	all, err := h.Load("Desk")
	if err != nil || len(all) != 2 || !all[0].OK() || all[1].OK() {
		t.Fatalf("%v: %+v", err, all)
	}
	last := all[1]
	if last.Cause != diagnosis.CauseTokenUserMismatch || last.Results[mailtest.IMAP].Cause != last.Cause || last.Title(i18n.For(i18n.German)) == "" {
		t.Errorf("%+v", last)
	}
	if data, _ := os.ReadFile(h.path("Desk")); strings.Contains(string(data), "canary") {
		t.Errorf("the server's words are kept: %s", data)
	}
}

// TestOneOfSeveralIsToldAsThat: a list has no room for the others.
func TestOneOfSeveralIsToldAsThat(t *testing.T) {
	texts := i18n.For(i18n.English)
	title := diagnosis.New(diagnosis.CausePortBlocked, "", nil).Render(texts).Title
	for certainty, want := range map[diagnosis.Certainty]string{diagnosis.Possible: "Possible: " + title, diagnosis.Likely: title, diagnosis.Certain: title} {
		found := diagnosis.New(diagnosis.CausePortBlocked, diagnosis.PhaseIMAP, nil)
		found.Certainty = certainty
		d := mailbox.Definition{Name: "Desk", Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "imap"}})}
		r := mailtest.NewReport(d, time.Now())
		r.Add(mailtest.Event{Protocol: mailtest.IMAP, Step: mailtest.StepConnect, State: mailtest.Failed, Diagnosis: &found})
		if got := Of(r).Title(texts); got != want {
			t.Errorf("%s: %q, want %q", certainty, got, want)
		}
	}
}

// A message that was refused is a result like others: the mailbox fails.
func TestARoundTripIsKept(t *testing.T) {
	h := New(t.TempDir())
	for _, trip := range []mailtest.State{mailtest.Passed, mailtest.Failed} {
		for range h.Recording(scriptedBy(mailtest.RoundTripTest, trip), slog.New(slog.DiscardHandler))(t.Context(), mailtest.Config{Mailbox: mailbox.Definition{Name: "Desk"}}) {
		}
	}
	all, err := h.Load("Desk")
	if err != nil || len(all) != 2 || !all[0].OK() || all[1].OK() || all[1].Results[mailtest.RoundTripTest].Cause != diagnosis.CauseTokenUserMismatch {
		t.Errorf("%v: %+v", err, all)
	}
}

// That one protocol works says nothing of another that failed before: the
// mailbox fails on, with its cause.
func TestATestOfOneProtocolHealsNoOther(t *testing.T) {
	h, d := New(t.TempDir()), mailbox.Definition{Name: "Desk"}
	d.SetServer(mailbox.IMAP, &mailbox.Server{})
	d.SetServer(mailbox.SMTP, &mailbox.Server{})
	noAnswer := entry(2, mailtest.Skipped)
	imap := entry(3, mailtest.Passed)
	delete(imap.Results, mailtest.SMTP)
	for _, e := range []Entry{entry(0, mailtest.Passed), entry(1, mailtest.Failed), noAnswer, imap} {
		if err := h.Add(t.Context(), d.Name, e); err != nil {
			t.Fatal(err)
		}
	}
	latest, _, _ := h.Latest(d)
	if latest.At != imap.At || latest.OK() || latest.Cause != diagnosis.CauseTokenUserMismatch {
		t.Errorf("the latest is %+v", latest)
	}
	all, _ := h.Load(d.Name)
	if s, _ := StandingOf(Completed(all, d.Servers.Protocols())); s.OK || s.Since != start.Add(time.Minute) || s.Last.Cause != diagnosis.CauseTokenUserMismatch {
		t.Errorf("it stands %+v", s)
	}
	d.SetServer(mailbox.SMTP, nil) // without that server only IMAP counts
	if s, _ := StandingOf(Completed(all, d.Servers.Protocols())); !s.OK || len(all[3].Results) != 1 {
		t.Errorf("without SMTP it stands %+v", s)
	}
}

// What was found of another mailbox, before the definition was changed, says
// nothing of this one.
func TestResultsOfAnotherMailbox(t *testing.T) {
	h := New(t.TempDir())
	d := mailbox.Definition{Name: "Desk", User: "Helpdesk@contoso.com"}
	for i, of := range []string{"", "helpdesk@contoso.com", "admin@contoso.com"} {
		e := entry(i, mailtest.Passed)
		e.Address = of
		if err := h.Add(t.Context(), "Desk", e); err != nil {
			t.Fatal(err)
		}
	}
	all, err := h.Load("Desk")
	latest, ok, _ := h.Latest(d)
	if got := About(all, d); err != nil || len(got) != 2 || !ok || latest.At != entry(1, mailtest.Passed).At {
		t.Errorf("%v: %+v, the latest %+v", err, got, latest)
	}
	if got := Of(mailtest.NewReport(d, start)).Address; got != d.User {
		t.Errorf("a test is of %q", got)
	}
}

// TestKilledWhileAdding kills a real process that adds one result after the
// other. What it reported is there, each result once and in order.
func TestKilledWhileAdding(t *testing.T) {
	if home := os.Getenv("MAILGRANT_TEST_ADD_FOREVER"); home != "" {
		first, _ := strconv.Atoi(os.Getenv("MAILGRANT_TEST_FIRST"))
		for i := first; ; i++ {
			if err := New(home).Add(context.Background(), "Desk", entry(i, mailtest.Passed)); err != nil {
				os.Exit(3)
			}
			fmt.Println("added", i)
		}
	}
	home := t.TempDir()
	next := 0
	for i := range 30 {
		reported := killOne(t, home, next, time.Duration(i%20)*time.Millisecond)
		all, err := New(home).Load("Desk")
		if err != nil || len(all) == 0 {
			t.Fatalf("%v: %d results", err, len(all))
		}
		minute := func(i int) int { return int(all[i].At.Sub(start).Minutes()) }
		for i := range all[1:] {
			if minute(i+1) != minute(i)+1 {
				t.Fatalf("result %d follows on %d", minute(i+1), minute(i))
			}
		}
		if last := minute(len(all) - 1); last < reported || last > reported+1 {
			t.Fatalf("the last is %d, reported was %d", last, reported)
		}
		next = minute(len(all)-1) + 1
	}
}

func killOne(t *testing.T, home string, first int, after time.Duration) (reported int) {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledWhileAdding$")
	c.Env = append(os.Environ(), "MAILGRANT_TEST_ADD_FOREVER="+home, "MAILGRANT_TEST_FIRST="+strconv.Itoa(first))
	out, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	reported = -1
	lines := bufio.NewScanner(out)
	for began := false; lines.Scan(); began = true {
		if !began {
			kill := time.AfterFunc(after, func() { _ = c.Process.Kill() })
			defer kill.Stop()
		}
		if n, ok := strings.CutPrefix(lines.Text(), "added "); ok {
			reported, _ = strconv.Atoi(n)
		}
	}
	_ = c.Wait()
	return reported
}

// A long line, as a disk that was full may leave one, costs nothing but itself.
func TestALongLineIsLeftOut(t *testing.T) {
	h := New(t.TempDir())
	if err := h.Add(t.Context(), "Desk", entry(0, mailtest.Passed)); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(h.path("Desk"))
	if err == nil {
		err = os.WriteFile(h.path("Desk"), slices.Concat(good, bytes.Repeat([]byte("x"), 1<<17), []byte("\n"), good), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if all, err := h.Load("Desk"); err != nil || len(all) != 2 {
		t.Errorf("%d results, %v", len(all), err)
	}
}
