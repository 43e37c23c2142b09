package presenter

import (
	"context"
	"strconv"
	"strings"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// watchTime is how long a mailbox is watched at most: a working day.
const watchTime = 8 * time.Hour

// shownAttempts is how many lines of a watch's attempts are listed.
const shownAttempts = 5

// WatchState is a watch that runs or has ended.
type WatchState struct {
	Running  bool
	Line     Line
	Attempts []Line // what the latest found, oldest first
	CanNow   bool   // the pause may be left out
}

// watch repeats a test until it works.
type watch struct {
	latest   mailtest.Watched // with the report as the last whole attempt left it
	faults   []string         // that were switched on when the latest attempt began
	attempts []Line
	now      chan struct{}
}

// Watch tests the selected mailbox again and again until it works, or until
// the cause is one that waiting cannot mend.
func (p *Presenter) Watch() {
	e := p.selected
	if e == nil || e.job != nil || p.welcome != nil {
		return
	}
	w := &watch{now: make(chan struct{}, 1)}
	p.runTest(e, w, p.Watch, func(ctx context.Context, c mailtest.Config, say func(func())) {
		for step := range mailtest.Watch(ctx, mailtest.Watching{Test: c, For: watchTime, Run: p.c.Test, Now: w.now, Clock: p.c.Now}) {
			say(func() { p.watched(e, w, step) })
		}
	}, func(d mailbox.Definition) { p.watchEnded(e, d) })
}

// watched takes in what a watch tells.
func (p *Presenter) watched(e *entry, w *watch, step mailtest.Watched) {
	switch {
	case step.State == mailtest.Trying && step.Event != nil:
		e.tested.Add(*step.Event)
		return
	case step.State == mailtest.Trying:
		if step.Report = w.latest.Report; step.Report != nil {
			e.tested.Report = step.Report.Clone()
			e.tested.Again(p.c.Now(), step.Protocols)
		}
		w.faults = p.faults()
	default:
		w.attempts = append(w.attempts, p.attemptLines(w.latest.Protocols, step)...)
		e.tested.Report, e.tested.at, e.tested.faults = step.Report, p.c.Now(), w.faults
		step.Protocols = w.latest.Protocols
	}
	w.latest = step
}

// attemptLines say when what was tried and what came of it: a line for each
// cause, with the protocols that failed of it.
func (p *Presenter) attemptLines(tried []mailtest.Protocol, step mailtest.Watched) []Line {
	names, causes := map[string][]string{}, []string{}
	all := make([]string, len(tried))
	for i, protocol := range tried {
		all[i] = protocol.Title()
		problem := step.Report.Result(protocol).Problem()
		if problem == nil {
			continue
		}
		title := problem.Render(p.c.Texts).Title
		if names[title] == nil {
			causes = append(causes, title)
		}
		names[title] = append(names[title], protocol.Title())
	}
	line := func(m Mark, protocols []string, result string) Line {
		return Line{m, p.text("ui.watch.attempt", "time", p.clock(p.c.Now()), "protocols", strings.Join(protocols, ", "), "result", result)}
	}
	if len(causes) == 0 {
		return []Line{line(MarkGood, all, p.text("ui.watch.worked"))}
	}
	lines := make([]Line, len(causes))
	for i, title := range causes {
		lines[i] = line(MarkBad, names[title], title)
	}
	return lines
}

// watchEnded draws the user's eye to the end: the window may lie behind others.
func (p *Presenter) watchEnded(e *entry, d mailbox.Definition) {
	if e.watch.latest.State == mailtest.Works {
		p.c.Announce(p.text("ui.watch.notice-title"), p.text("ui.watch.notice", "mailbox", d.Name))
	}
	p.c.Notify()
}

// TryNow leaves out the rest of the pause.
func (p *Presenter) TryNow() {
	if e := p.selected; e != nil && e.doing(watching) {
		select {
		case e.watch.now <- struct{}{}:
		default: // it is on its way
		}
	}
}

func (p *Presenter) watchState(e *entry) *WatchState {
	w := e.watch
	if w == nil {
		return nil
	}
	s := &WatchState{Running: e.doing(watching), Attempts: w.attempts[max(0, len(w.attempts)-shownAttempts):]}
	count := strconv.Itoa(max(1, w.latest.Attempt))
	switch w.latest.State {
	case mailtest.Waiting:
		s.Line = Line{MarkRunning, p.text("ui.watch.waiting", "left", left(w.latest.Next.Sub(p.c.Now())))}
		s.CanNow = s.Running
	case mailtest.Works:
		s.Line = Line{MarkGood, p.text("ui.watch.works", "time", p.clock(e.tested.at), "attempt", count)}
	case mailtest.Hopeless:
		s.Line = Line{MarkBad, p.text("ui.watch.hopeless", "title", w.latest.Cause.Render(p.c.Texts).Title)}
	case mailtest.TimeOver:
		s.Line = Line{MarkWarning, p.text("ui.watch.over", "attempt", count)}
	default:
		s.Line = Line{MarkRunning, p.text("ui.watch.trying", "attempt", count)}
	}
	if !s.Running && s.Line.Mark == MarkRunning {
		s.Line = Line{MarkSkipped, p.text("ui.watch.stopped", "attempt", count)}
	}
	return s
}

// watchStopped leaves what the last whole attempt found.
func (e *entry) watchStopped() {
	if e.watch.latest.Report == nil {
		e.tested, e.watch = nil, nil
		return
	}
	e.tested.Report = e.watch.latest.Report
}
