package presenter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// Column is a column of the overview.
type Column string

// The columns beside those of the protocols, which have their names.
const (
	ColumnName    Column = "name"
	ColumnAddress Column = "address"
	ColumnUntil   Column = "until"
	ColumnTested  Column = "tested"
	ColumnCause   Column = "cause"
)

// Columns are all columns, from left to right.
var Columns = slices.Concat([]Column{ColumnName, ColumnAddress, ColumnUntil}, protocolColumns, []Column{ColumnTested, ColumnCause})

var protocolColumns = func() (columns []Column) {
	for _, p := range mailbox.Protocols() {
		columns = append(columns, Column(p))
	}
	return columns
}()

// OverviewState is all mailboxes in one table.
type OverviewState struct {
	Rows      []OverviewRow // that match the filter, as they are sorted
	Filter    string
	Sort      Column
	Down      bool   // the greatest is first
	Count     string // how many mailboxes there are, and are shown
	Broken    Line   // the button that leaves only those with a fault, or shows all again; no text: none has one
	Progress  Line   // of the test of all; else that it was cancelled, or that all work
	Test      string // what the button for it says
	Filtered  bool   // the others are not shown, tested and exported
	Running   bool
	CanTest   bool
	CanReport bool   // there are results to be saved
	SignIn    string // what the button that signs the others in says; "" = all have an authorization
	SignsIn   bool   // it is what comes next: most have none
	Nothing   string // in the place of the rows, if there are none
}

// OverviewRow is one mailbox.
type OverviewRow struct {
	Index int // in the list of mailboxes
	Cells [8]Line
}

// tableView is how the overview is looked at.
type tableView struct {
	filter string
	sort   Column
	down   bool
	broken bool // only those with a fault
	all    *testAll
	came   Line // that the last test of all was cancelled
}

// hasOverview tells whether there is anything to be seen at a glance.
func (p *Presenter) hasOverview() bool { return len(p.entries) > 1 }

// overviewShown tells whether the window shows the overview: no mailbox is
// open, and none is being made.
func (p *Presenter) overviewShown() bool {
	return p.hasOverview() && p.selected == nil && p.welcome == nil && p.takeover == nil && p.queue == nil
}

// ShowOverview leaves the mailbox that is open. The next start shows the
// overview too.
func (p *Presenter) ShowOverview() {
	if !p.hasOverview() || p.overviewShown() {
		return
	}
	p.leave()
	p.keep(func(r *Remembered) { r.Mailbox = "" })
	p.selected, p.welcome, p.table.came = nil, nil, Line{}
	p.readAll(p.entries)
	p.render()
}

// FilterOverview shows only the mailboxes in whose row all the words stand.
func (p *Presenter) FilterOverview(words string) {
	if p.table.filter != words {
		p.table.filter = words
		p.render()
	}
}

// OnlyBroken shows only the mailboxes with a fault, and again: all.
func (p *Presenter) OnlyBroken() {
	p.table.broken = !p.table.broken
	p.render()
}

// broken tells whether something is wrong with a mailbox.
func (e *entry) broken() bool {
	return e.row != nil && e.row.Broken()
}

// SortOverview sorts by a column; by the same one again: the other way round.
func (p *Presenter) SortOverview(by Column) {
	p.table.down = p.table.sortedBy() == by && !p.table.down
	p.table.sort = by
	p.render()
}

func (t *tableView) sortedBy() Column { return cmp.Or(t.sort, ColumnName) }

// overviewState is nil where the overview is not shown.
func (p *Presenter) overviewState(names []string, standing []Line) *OverviewState {
	if !p.overviewShown() {
		return nil
	}
	t := &p.table
	s := &OverviewState{Filter: t.filter, Sort: t.sortedBy(), Down: t.down, Progress: t.came}
	s.Rows = p.shownRows(names, standing)
	shown := p.entriesOf(s.Rows)
	count, total := strconv.Itoa(len(shown)), strconv.Itoa(len(p.entries))
	s.Count, s.Test = p.text("ui.overview.count", "count", total), p.text("ui.overview.test-all")
	if s.Filtered = len(shown) < len(p.entries); s.Filtered {
		s.Count, s.Test = p.text("ui.overview.shown", "shown", count, "count", total), p.text("ui.overview.test-shown")
	}
	if len(shown) == 0 {
		s.Nothing = p.text("ui.overview.nothing")
	}
	p.countBroken(s)
	if j := t.all; j != nil {
		s.Running, s.Progress = true, Line{MarkRunning, p.text("ui.overview.progress", "done", strconv.Itoa(j.done), "count", strconv.Itoa(j.count))}
	}
	unread := slices.ContainsFunc(p.entries, func(e *entry) bool { return !e.read }) // how many there are is not known
	if n := len(p.unauthorized(shown)); n > 0 && !s.Running && !unread {
		s.SignIn = p.text("queue.open", "count", strconv.Itoa(n))
		s.SignsIn = 2*n > len(shown)
	}
	s.CanReport = !s.Running && slices.ContainsFunc(shown, func(e *entry) bool { return e.tested != nil })
	s.CanTest = !s.Running && slices.ContainsFunc(shown, func(e *entry) bool { return e.saved.Name != "" })
	return s
}

// countBroken says how many mailboxes do not work, or that all do.
func (p *Presenter) countBroken(s *OverviewState) {
	bad, good := 0, 0
	for _, e := range p.entries {
		if e.broken() {
			bad++
		} else if e.row != nil && e.row.OK() {
			good++
		}
	}
	switch {
	case p.table.broken:
		s.Broken.Text = p.text("ui.overview.every")
	case bad > 0:
		s.Broken = Line{MarkBad, p.text("ui.overview.broken", "count", strconv.Itoa(bad))}
	case good == len(p.entries) && p.table.came == Line{}:
		s.Progress = Line{MarkGood, p.text("ui.overview.all-work")}
	}
}

// shownRows are the rows that match the filter, as they are sorted, made of what
// the list of mailboxes shows.
func (p *Presenter) shownRows(names []string, standing []Line) (rows []OverviewRow) {
	words := strings.Fields(strings.ToLower(p.table.filter))
	by, keys := p.table.sortedBy(), make([]sortKey, len(p.entries))
	for i, e := range p.entries {
		if p.table.broken && !e.broken() {
			continue
		}
		cells := p.cells(e, names[i], standing[i])
		if len(words) > 0 {
			in := searched(cells, standing[i])
			if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(in, w) }) {
				continue
			}
		}
		rows, keys[i] = append(rows, OverviewRow{i, cells}), p.sortKey(e, cells, by)
	}
	slices.SortStableFunc(rows, func(a, b OverviewRow) int {
		order := keys[a.Index].compare(keys[b.Index])
		if p.table.down {
			order = -order
		}
		if order == 0 {
			order = i18n.Compare(p.name(p.entries[a.Index]), p.name(p.entries[b.Index]))
		}
		return order
	})
	return rows
}

// shownEntries are the mailboxes that match the filter, as they are sorted.
func (p *Presenter) shownEntries() []*entry { return p.entriesOf(p.shownRows(p.list())) }

func (p *Presenter) entriesOf(rows []OverviewRow) (all []*entry) {
	for _, r := range rows {
		all = append(all, p.entries[r.Index])
	}
	return all
}

// searched is what the filter looks for its words in: all that the row shows, and
// the word for an authorization that shows its end; of protocols, those that do
// not work.
func searched(cells [8]Line, standing Line) string {
	var in []string
	if m := standing.Mark; m == MarkGood || m == MarkWarning {
		in = append(in, standing.Text)
	}
	for i, c := range cells {
		protocol := mailbox.Protocol(Columns[i])
		if !mailbox.IsProtocol(string(protocol)) {
			in = append(in, c.Text)
		} else if c.Text != "" && c.Mark != MarkGood && c.Mark != MarkWarning {
			in = append(in, protocol.Title(), c.Text)
		}
	}
	return strings.ToLower(strings.Join(in, "\n"))
}

// sortKey is what a row is sorted by: a rank, then a number, then words.
type sortKey struct {
	rank  int
	value int64
	words string
}

func (k sortKey) compare(o sortKey) int {
	if order := cmp.Or(cmp.Compare(k.rank, o.rank), cmp.Compare(k.value, o.value)); order != 0 {
		return order
	}
	return i18n.Compare(k.words, o.words)
}

// stateRank puts what needs work first.
var stateRank = map[mailtest.State]int{mailtest.Failed: 1, mailtest.Skipped: 2, mailtest.Warned: 3, mailtest.Passed: 4}

func (p *Presenter) sortKey(e *entry, cells [8]Line, by Column) sortKey {
	r := e.row
	switch by {
	case ColumnName:
		return sortKey{words: p.name(e)}
	case ColumnAddress:
		return sortKey{words: cells[1].Text}
	case ColumnCause:
		if cells[7].Text == "" {
			return sortKey{rank: 1}
		}
		return sortKey{words: cells[7].Text}
	}
	switch {
	case r == nil:
		return sortKey{rank: 9}
	case by == ColumnUntil && !r.Usable():
		return sortKey{words: string(r.State)}
	case by == ColumnUntil && r.Until().IsZero():
		return sortKey{rank: 2}
	case by == ColumnUntil:
		return sortKey{rank: 1, value: r.Until().Unix()}
	case by == ColumnTested:
		return sortKey{value: r.Tested.Unix()}
	}
	res, ok := r.Results[mailbox.Protocol(by)]
	if !ok {
		return sortKey{rank: 9}
	}
	return sortKey{rank: stateRank[res.State], value: res.MS}
}

// almostAYear is how long a day needs no year beside it.
const almostAYear = 300 * 24 * time.Hour

// cells are a mailbox's row in words, the first of which the list has too.
func (p *Presenter) cells(e *entry, name string, standing Line) [8]Line {
	cells := [8]Line{{Text: name}, {Text: e.form.address()}, standing}
	r := e.row
	if r == nil {
		return cells
	}
	if cells[2].Mark == MarkPending {
		cells[2].Text = p.text("ui.overview.none") // the head says what
	}
	if !r.Until().IsZero() && r.Usable() {
		cells[2].Text = p.date(r.Until())
	}
	for i, c := range protocolColumns {
		cells[3+i] = p.resultCell(r, mailbox.Protocol(c))
		if p.table.all != nil && p.table.all.running[e] && r.Definition.Server(mailbox.Protocol(c)) != nil {
			cells[3+i] = Line{MarkRunning, p.text("ui.overview.running")}
		}
	}
	switch {
	case r.Tested.IsZero():
		cells[6].Text = p.text("ui.overview.never")
	case p.c.Now().Sub(r.Tested) > almostAYear:
		cells[6].Text = p.date(r.Tested)
	default:
		cells[6].Text = r.Tested.Local().Format(p.text("ui.overview.time"))
	}
	switch {
	case e.outcome != nil && !r.Usable(): // why there is no authorization
		cells[7].Text = e.outcome.Title
	case r.Finding != "":
		cells[7].Text = capital(r.Finding)
	}
	return cells
}

// resultCell is the last result of a protocol. What works says how long it
// took: beside its icon that is a word.
func (p *Presenter) resultCell(r *overview.Row, protocol mailtest.Protocol) Line {
	res, ok := r.Results[protocol]
	if !ok {
		return Line{}
	}
	mark := markOf(res.State)
	switch res.State {
	case mailtest.Passed, mailtest.Warned:
		return Line{mark, p.took(time.Duration(res.MS) * time.Millisecond)}
	case mailtest.Failed:
		return Line{mark, p.text("ui.overview.failed")}
	}
	return Line{mark, p.text("ui.overview.unchecked")}
}
