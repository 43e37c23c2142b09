package presenter_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// playSeveral opens the overview of six mailboxes and waits until it is read.
func playSeveral(t *testing.T) *scripted.Stage {
	t.Helper()
	s := play(t, scripted.Several)
	until(t, s, func(st presenter.State) bool {
		return st.Overview != nil && !slices.ContainsFunc(st.Overview.Rows, func(r presenter.OverviewRow) bool {
			return r.Cells[2].Text == "" || r.Cells[6].Text == ""
		})
	})
	return s
}

func names(s *scripted.Stage) string {
	var all []string
	for _, r := range s.Presenter.State().Overview.Rows {
		all = append(all, r.Cells[0].Text)
	}
	return strings.Join(all, " ")
}

func TestWithSeveralMailboxesTheOverviewOpens(t *testing.T) {
	s := playSeveral(t)
	st := s.Presenter.State()
	if st.Selected != -1 || !st.Overviews || st.Overview.Count != "6 mailboxes" {
		t.Errorf("%d, %+v", st.Selected, st.Overview)
	}
	rows := map[string][8]presenter.Line{}
	for _, r := range st.Overview.Rows {
		rows[r.Cells[0].Text] = r.Cells
	}
	for _, c := range []struct {
		name string
		cell int
		want presenter.Line
	}{
		{"Billing", 1, presenter.Line{Text: "billing@contoso.com"}},
		{"Billing", 2, presenter.Line{Mark: presenter.MarkGood, Text: "23 Jan 2027"}},
		{"Billing", 3, presenter.Line{Mark: presenter.MarkGood, Text: "412 ms"}},
		{"Billing", 5, presenter.Line{Mark: presenter.MarkBad, Text: "failed"}},
		{"Billing", 6, presenter.Line{Text: "23 Nov, 11:44"}},
		{"Monitoring", 2, presenter.Line{Mark: presenter.MarkWarning, Text: "29 Nov 2026"}},
		{"Orders", 2, presenter.Line{Mark: presenter.MarkPending, Text: "not yet"}},
		{"Orders", 3, presenter.Line{}},
		{"Orders", 6, presenter.Line{Text: "never"}},
		{"Orders", 7, presenter.Line{Text: "No authorization"}},
		{"Sales", 2, presenter.Line{Mark: presenter.MarkBad, Text: "ended"}},
		{"Helpdesk", 7, presenter.Line{}},
	} {
		if got := rows[c.name][c.cell]; got != c.want {
			t.Errorf("%s, column %d: %+v; want %+v", c.name, c.cell, got, c.want)
		}
	}
}

func TestTheMailboxThatIsRememberedOpensInstead(t *testing.T) {
	s := play(t, func(s *scripted.Stage) {
		scripted.Several(s)
		s.Notes.Mailbox = "Orders"
	})
	if st := s.Presenter.State(); st.Name != "Orders" || st.Overview != nil || !st.Overviews {
		t.Fatalf("%q, %+v", st.Name, st.Overview)
	}
	s.Presenter.ShowOverview()
	until(t, s, func(st presenter.State) bool { return st.Overview != nil && st.Overview.Rows[0].Cells[6].Text != "" })
	if s.Notes.Mailbox != "" {
		t.Errorf("%q is remembered", s.Notes.Mailbox)
	}
	s.Presenter.NewMailbox()
	if s.Presenter.State().Overview != nil {
		t.Error("the overview lies below the question for a new mailbox")
	}
	s.Presenter.Cancel()
	if s.Presenter.State().Overview == nil {
		t.Error("there is no way back")
	}
}

func TestOneMailboxHasNoOverview(t *testing.T) {
	s := play(t, nil, scripted.Helpdesk())
	s.Presenter.ShowOverview()
	if st := s.Presenter.State(); st.Overviews || st.Overview != nil || st.Selected != 0 {
		t.Errorf("%d, %+v", st.Selected, st.Overview)
	}
}

func TestTheOverviewIsSorted(t *testing.T) {
	s := playSeveral(t)
	p := s.Presenter
	for _, c := range []struct {
		by   presenter.Column
		want string
	}{
		{presenter.ColumnAddress, "Billing Helpdesk Monitoring Orders Sales Scanner"},
		{presenter.ColumnAddress, "Scanner Sales Orders Monitoring Helpdesk Billing"},
		{presenter.ColumnUntil, "Sales Orders Monitoring Billing Scanner Helpdesk"},
		{presenter.Column(mailtest.SMTP), "Billing Scanner Helpdesk Monitoring Sales Orders"},
		{presenter.ColumnTested, "Orders Sales Monitoring Scanner Billing Helpdesk"},
		{presenter.ColumnTested, "Billing Helpdesk Scanner Monitoring Sales Orders"},
		{presenter.ColumnCause, "Orders Billing Sales Scanner Helpdesk Monitoring"},
		{presenter.ColumnName, "Billing Helpdesk Monitoring Orders Sales Scanner"},
	} {
		p.SortOverview(c.by)
		if got := names(s); got != c.want {
			t.Errorf("by %s: %s; want %s", c.by, got, c.want)
		}
	}
}

func TestNamesStandWhereAReaderLooksForThem(t *testing.T) {
	s := playOverview(t, nil, named("Zubehör"), named("ärger"), named("Bestellung"), named("Übergabe"), named("Ölheizung"), named("einkauf"))
	want := "ärger Bestellung einkauf Ölheizung Übergabe Zubehör"
	if got := strings.Join(s.Presenter.State().Mailboxes, " "); got != want {
		t.Errorf("the list: %s", got)
	}
	if got := names(s); got != want {
		t.Errorf("the overview: %s", got)
	}
	if s.Presenter.SortOverview(presenter.ColumnName); names(s) != "Zubehör Übergabe Ölheizung einkauf Bestellung ärger" {
		t.Errorf("the other way round: %s", names(s))
	}
	s.Presenter.SortOverview(presenter.ColumnAddress)
	if got := names(s); got != want {
		t.Errorf("with the same address: %s", got)
	}
}

func TestTheOverviewIsFiltered(t *testing.T) {
	s := playSeveral(t)
	for words, want := range map[string]string{
		"": "Billing Helpdesk Monitoring Orders Sales Scanner", "SALES@": "Sales", "smtp switched": "Billing", "no authorization": "Orders Sales", // of Sales it ended, in Nov
		"failed": "Billing Scanner", "imap failed": "Scanner", "pop3": "Scanner", "valid": "Billing Helpdesk Scanner", "ends soon": "Monitoring", "never": "Orders",
		"contoso s": "Billing Helpdesk Monitoring Orders Sales Scanner", "nobody": "",
	} {
		s.Presenter.FilterOverview(words)
		if got := names(s); got != want {
			t.Errorf("%q: %s; want %s", words, got, want)
		}
	}
	s.Presenter.FilterOverview("nobody")
	if o := s.Presenter.State().Overview; o.CanTest || o.Nothing == "" || o.Count != "0 of 6 mailboxes" {
		t.Errorf("%+v", o)
	}
}

// How many are broken is what the table shows now, not what the last test of all
// found; and those can be shown alone. What nobody has begun with is none of them.
func TestOnlyBrokenMailboxesAreShown(t *testing.T) {
	s := playSeveral(t)
	s.Presenter.OnlyBroken()
	if o := s.Presenter.State().Overview; names(s) != "Billing Sales Scanner" || o.Broken != (presenter.Line{Text: "Show all"}) || o.Test != "Test those shown" {
		t.Errorf("%s: %+v", names(s), o)
	}
	s.Presenter.OnlyBroken()
	for _, name := range []string{"Orders", "Billing", "Sales", "Scanner"} {
		if got := s.Presenter.State().Overview; got.Broken.Text == "" || got.Progress != (presenter.Line{}) {
			t.Errorf("before %s works: %+v", name, got)
		}
		s.Presenter.Select(slices.Index(s.Presenter.State().Mailboxes, name))
		s.Rows.Put(name, scripted.Tested(s.Now, s.Now.Add(90*24*time.Hour), ""))
		s.Presenter.ShowOverview()
		until(t, s, func(st presenter.State) bool {
			i := slices.IndexFunc(st.Overview.Rows, func(r presenter.OverviewRow) bool { return r.Cells[0].Text == name })
			return st.Overview.Rows[i].Cells[7].Text == ""
		})
	}
	if o := s.Presenter.State().Overview; o.Broken.Text != "" || o.Progress != (presenter.Line{Mark: presenter.MarkGood, Text: "All mailboxes work."}) {
		t.Errorf("when all work: %+v", o)
	}
}

// What was not tested for want of an authorization that there is now is no fault:
// the row shows none.
func TestWhoHasSignedInSinceIsNotBroken(t *testing.T) {
	s := playSeveral(t)
	before := s.Presenter.State().Overview.Broken.Text
	row := scripted.Tested(s.Now, s.Now.Add(90*24*time.Hour), "")
	for p, r := range row.Last.Results {
		r.State = mailtest.Skipped
		row.Last.Results[p] = r
	}
	s.Rows.Put("Sales", row)
	s.Presenter.Select(0)
	s.Presenter.ShowOverview()
	until(t, s, func(st presenter.State) bool { return st.Overview.Broken.Text != before })
	s.Presenter.OnlyBroken()
	if got := names(s); got != "Billing Scanner" {
		t.Errorf("with a fault: %s", got)
	}
}

func TestTestAll(t *testing.T) {
	s := playSeveral(t)
	s.Engine.OnHosts = func(d mailbox.Definition, _ []string) error {
		if d.Name == "Scanner" {
			return diagnosis.New(diagnosis.CauseHostNotAllowed, "", map[string]string{"host": "mail.example.com"})
		}
		return nil
	}
	var experiments atomic.Bool
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		experiments.Store(experiments.Load() || c.Experiments != nil)
		bad := c.Mailbox.Name == "Sales"
		s.Rows.Put(c.Mailbox.Name, scripted.Tested(s.Now, s.Now.Add(90*24*time.Hour), ""))
		if bad {
			s.Rows.Put(c.Mailbox.Name, scripted.Tested(s.Now, time.Time{}, diagnosis.CauseDNSNotResolved, mailbox.Protocols()...))
			return scripted.Tests(scripted.NoNetwork(), nil)(ctx, c)
		}
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	s.Presenter.Test()
	if o := s.Presenter.State().Overview; !o.Running || o.CanTest || o.Progress.Text != "0 of 6 tested" {
		t.Fatalf("%+v", o)
	}
	until(t, s, func(st presenter.State) bool { return !st.Overview.Running })
	o := s.Presenter.State().Overview
	if o.Progress != (presenter.Line{}) || o.Broken.Text != "2 with a fault" || experiments.Load() {
		t.Errorf("%+v, %v, experiments %t", o.Progress, o.Broken, experiments.Load())
	}
	for _, r := range o.Rows {
		want := "23 Nov, 14:44"
		if r.Cells[0].Text == "Scanner" {
			want = "22 Nov, 12:44"
			if !strings.Contains(r.Cells[7].Text, "not meant for this mail server") {
				t.Errorf("cause %q", r.Cells[7].Text)
			}
		}
		if r.Cells[6].Text != want {
			t.Errorf("%s: tested %q", r.Cells[0].Text, r.Cells[6].Text)
		}
	}
	// The mailbox's own page shows what was found.
	s.Presenter.Select(slices.Index(s.Presenter.State().Mailboxes, "Sales"))
	if st := s.Presenter.State(); st.Name != "Sales" || st.Overview != nil || st.Test.Summary.Mark != presenter.MarkBad || len(st.Test.Protocols) != 3 {
		t.Errorf("%s: %+v", st.Name, st.Test)
	}
	s.Presenter.Select(slices.Index(s.Presenter.State().Mailboxes, "Scanner"))
	if f := s.Presenter.State().Test.Findings; len(f) != 1 || len(f[0].Actions) == 0 {
		t.Errorf("%+v", f)
	}
}

func TestOnlyWhatIsShownIsTested(t *testing.T) {
	s := playSeveral(t)
	tested := make(chan string, 8)
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		tested <- c.Mailbox.Name
		return scripted.Tests(scripted.AllGood(), nil)(ctx, c)
	}
	s.Presenter.FilterOverview("sales")
	s.Presenter.TestAll()
	until(t, s, func(st presenter.State) bool { return !st.Overview.Running })
	if len(tested) != 1 || <-tested != "Sales" {
		t.Errorf("%d more were tested", len(tested))
	}
}

func TestTestAllIsCancelledAndLateResultsAreDropped(t *testing.T) {
	s := playSeveral(t)
	late, ended := make(chan struct{}), make(chan error, 8)
	s.Tests = func(ctx context.Context, c mailtest.Config) iter.Seq[mailtest.Event] {
		return func(yield func(mailtest.Event) bool) {
			if c.Mailbox.Name != "Sales" {
				<-late // does not hear that it was cancelled
				ended <- ctx.Err()
			}
			for _, e := range scripted.AllGood() {
				if !yield(e) {
					return
				}
			}
		}
	}
	s.Presenter.TestAll()
	until(t, s, func(st presenter.State) bool {
		return st.Overview.Progress.Text == "1 of 6 tested" && slices.ContainsFunc(st.Overview.Rows, func(r presenter.OverviewRow) bool {
			return r.Cells[0].Text == "Billing" && r.Cells[3].Mark == presenter.MarkRunning
		})
	})
	s.Presenter.Cancel()
	o := s.Presenter.State().Overview
	if o.Running || !o.CanTest || o.Progress != (presenter.Line{Mark: presenter.MarkWarning, Text: "Cancelled after 1 of 6 mailboxes."}) {
		t.Fatalf("%+v", o)
	}
	if slices.ContainsFunc(o.Rows, func(r presenter.OverviewRow) bool { return r.Cells[3].Mark == presenter.MarkRunning }) {
		t.Error("a test still runs")
	}
	before := names(s)
	close(late)
	for range 5 {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
	// A second run counts only its own results.
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Presenter.TestAll()
	until(t, s, func(st presenter.State) bool { return !st.Overview.Running })
	if o := s.Presenter.State().Overview; o.Progress.Text != "" || o.Broken.Text != "3 with a fault" || names(s) != before {
		t.Errorf("%+v", o.Progress)
	}
}

func TestTheTestOfAllGoesOnWhileAMailboxIsOpen(t *testing.T) {
	s := playSeveral(t)
	gate := make(chan struct{})
	s.Tests = scripted.Tests(scripted.AllGood(), gate)
	s.Presenter.TestAll()
	s.Presenter.Select(0)
	close(gate)
	until(t, s, func(st presenter.State) bool { return st.Test.Summary.Mark == presenter.MarkGood })
	s.Presenter.ShowOverview()
	until(t, s, func(st presenter.State) bool { return !st.Overview.Running })
}

func TestTheHistoryOfAMailbox(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Past = scripted.Past }, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Test.History != nil })
	h := s.Presenter.State().Test.History
	if h.Line.Mark != presenter.MarkBad || !strings.HasPrefix(h.Line.Text, "Failing since 23 Nov 2026, 12:44, after working until 23 Nov 2026, 11:44: ") {
		t.Errorf("%+v", h.Line)
	}
	if len(h.Results) != 60 || !h.Results[19] || h.Results[20] || h.Results[59] {
		t.Errorf("%v", h.Results)
	}
}
