package presenter

import (
	"strconv"

	"mailgrant/app/history"
)

// HistoryState is what is kept of a mailbox's tests.
type HistoryState struct {
	Line    Line   // since when it works or fails
	Results []bool // each test, the oldest first; true: everything worked
	Span    string // how many they are, and from when to when
}

// historyState is nil where nothing is kept.
func (p *Presenter) historyState(e *entry) *HistoryState {
	standing, ok := history.StandingOf(e.past)
	if !ok || e.job != nil {
		return nil
	}
	s := &HistoryState{Line: Line{MarkBad, capital(standing.Text(p.c.Texts, p.c.Now().Local()))}}
	if standing.OK {
		s.Line.Mark = MarkGood
	}
	for _, one := range e.past {
		s.Results = append(s.Results, one.OK())
	}
	first, last := e.past[0].At.Local(), e.past[len(e.past)-1].At.Local()
	s.Span = p.text("ui.history.span", "count", strconv.Itoa(len(e.past)), "from", p.dateTime(first), "to", p.dateTime(last))
	return s
}
