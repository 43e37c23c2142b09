package presenter

import (
	"strconv"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
)

// HistoryState is what is kept of a mailbox's tests.
type HistoryState struct {
	Line    Line   // since when it works or fails
	Results []bool // each of several tests, the oldest first; true: everything worked
	Span    string // how many they are, and from when to when
}

// historyState is nil where nothing is kept. What was tested otherwise, or with
// another authorization than the one that is stored now, tells nothing of now.
func (p *Presenter) historyState(e *entry) *HistoryState {
	d, _ := e.form.read() // its servers, also where something else is wrong
	past := history.Completed(e.past, d.Servers.Protocols())
	standing, ok := history.StandingOf(past)
	if !ok || e.doing(testing, watching, roundTripping) {
		return nil
	}
	last := e.past[len(e.past)-1].At
	s := &HistoryState{Line: Line{MarkBad, capital(standing.Text(p.c.Texts, p.c.Now().Local()))}}
	if standing.OK {
		s.Line.Mark = MarkGood
	}
	ended := standing.OK && e.usesOAuth() && e.Status.State != authorization.StateValid
	// A test's time has no fractions of a second.
	if e.tested != nil && !p.upToDate(e) || last.Before(e.Status.Issued.Truncate(time.Second)) || ended {
		key := map[bool]string{true: "ui.history.was-good", false: "ui.history.was-bad"}[standing.OK]
		s.Line = Line{MarkSkipped, p.text(key, "at", p.dateTime(last.Local()))}
	}
	if len(e.past) == 1 { // the sentence says it all
		return s
	}
	for _, one := range past {
		s.Results = append(s.Results, one.OK())
	}
	s.Span = p.text("ui.history.span", "count", strconv.Itoa(len(e.past)), "from", p.dateTime(e.past[0].At.Local()), "to", p.dateTime(last.Local()))
	return s
}
