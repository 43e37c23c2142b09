package scripted

import (
	"slices"
	"strings"
	"sync"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

// Rows are what is known of the mailboxes of an overview.
type Rows struct{ known sync.Map } // of *overview.Row, by name

// Of is the row of a mailbox.
func (r *Rows) Of(d mailbox.Definition) *overview.Row {
	if row, ok := r.known.Load(d.Name); ok {
		return new(*row.(*overview.Row))
	}
	return &overview.Row{Name: d.Name, Definition: d, Status: authorization.Status{State: authorization.StateNone}}
}

// Put changes a row.
func (r *Rows) Put(row *overview.Row) { r.known.Store(row.Name, row) }

// Tested is a row after a test; the protocols that are named do not work.
func Tested(t *i18n.Texts, d mailbox.Definition, at, ends time.Time, cause diagnosis.Cause, bad ...mailtest.Protocol) *overview.Row {
	e := history.Entry{At: at, Cause: cause, Results: map[mailtest.Protocol]history.Result{}}
	for i, p := range mailbox.Protocols() {
		e.Results[p] = history.Result{State: mailtest.Passed, MS: int64(412 - 90*i)}
	}
	for _, p := range bad {
		e.Results[p] = history.Result{State: mailtest.Failed, MS: 320, Cause: cause}
	}
	return &overview.Row{
		Name: d.Name, Definition: d, Status: authorization.Status{State: authorization.StateValid, EndsIfUnusedBy: ends}, Results: e.Results, Tested: at, Cause: cause, Finding: e.Title(t),
	}
}

// Named is a mailbox of the overview.
func Named(name string) mailbox.Definition {
	d := Helpdesk()
	d.Name = name
	d.Sender = strings.ToLower(name) + "@contoso.com"
	d.User = d.Sender
	return d
}

// Several sets a stage with the mailboxes of a small company.
func Several(s *Stage) {
	s.Engine.OnStatus = func(d mailbox.Definition) (authorization.Status, error) {
		v := Valid(Clock)
		switch d.Name {
		case "Orders":
			return authorization.Status{State: authorization.StateNone}, nil
		case "Sales":
			v.State = authorization.StateExpired
		}
		return v, nil
	}
	s.Rows = &Rows{}
	day := 24 * time.Hour
	put := func(name string, row *overview.Row) {
		_ = s.Book.Put(Named(name))
		s.Rows.Put(row)
	}
	put("Helpdesk", Tested(s.Texts, Named("Helpdesk"), Clock.Add(-3*time.Hour), Clock.Add(90*day), ""))
	put("Billing", Tested(s.Texts, Named("Billing"), Clock.Add(-3*time.Hour), Clock.Add(61*day), diagnosis.CauseEXOSMTPAuthDisabledTenant, mailtest.SMTP))
	put("Monitoring", Tested(s.Texts, Named("Monitoring"), Clock.Add(-2*day), Clock.Add(6*day), ""))
	put("Scanner", Tested(s.Texts, Named("Scanner"), Clock.Add(-26*time.Hour), Clock.Add(77*day), diagnosis.CauseDNSNotResolved, mailbox.Protocols()...))
	orders := &overview.Row{Name: "Orders", Definition: Named("Orders"), Status: authorization.Status{State: authorization.StateNone}, Finding: s.Texts.Text("overview.state.none")}
	put("Orders", orders)
	sales := Tested(s.Texts, Named("Sales"), Clock.Add(-9*day), time.Time{}, "")
	sales.State, sales.Finding = authorization.StateExpired, s.Texts.Text("overview.state.expired")
	put("Sales", sales)
}

// Past is a mailbox's history: sixty tests, of which five in between failed
// and the last two do.
func Past(string) []history.Entry {
	var all []history.Entry
	for i := range 60 {
		e := history.Entry{At: Clock.Add(time.Duration(i-60) * time.Hour), Results: map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Passed}}}
		if i >= 20 && i < 25 || i >= 58 {
			e.Cause = diagnosis.CauseDNSNotResolved
			e.Results[mailtest.IMAP] = history.Result{State: mailtest.Failed, Cause: e.Cause}
		}
		all = append(all, e)
	}
	return all
}

// read is an overview of which all is known.
var read = until(func(st presenter.State) bool {
	return !slices.ContainsFunc(st.Overview.Rows, func(row presenter.OverviewRow) bool {
		return row.Cells[2].Text == "" || row.Cells[6].Text == ""
	})
})

// testTwoHang are tests of which those of two mailboxes do not end.
func testTwoHang(ctx ctx, c mailtest.Config) events {
	if name := c.Mailbox.Name; name == "Helpdesk" || name == "Scanner" {
		return func(func(mailtest.Event) bool) { <-ctx.Done() }
	}
	return slices.Values(AllGood())
}

// overviewScenes are the states of the table of all mailboxes, and a history.
func overviewScenes() []Scene {
	twoRun := func(s *Stage) error {
		done := s.Texts.Text("ui.overview.progress", i18n.Args{"done": "4", "count": "6"})
		return s.Until(func(st presenter.State) bool {
			running := 0
			for _, row := range st.Overview.Rows {
				if row.Cells[3].Mark == presenter.MarkRunning {
					running++
				}
			}
			return running == 2 && st.Overview.Progress.Text == done
		})
	}
	return []Scene{
		{Name: "history", Set: sets(valid, func(s *Stage) { s.Past = Past }), Do: until(func(st presenter.State) bool { return st.Test.History != nil })},
		{Name: "overview", Set: Several, Do: read},
		{Name: "overview-filtered", Set: Several, Do: acts(read, press(func(p *presenter.Presenter) {
			p.SortOverview(presenter.ColumnCause)
			p.FilterOverview("no such words")
		}))},
		{Name: "overview-broken", Set: Several, Do: acts(read, press((*presenter.Presenter).OnlyBroken))},
		{Name: "overview-testing", Set: sets(Several, func(s *Stage) { s.Tests = testTwoHang }), Do: acts(read, press((*presenter.Presenter).TestAll), twoRun)},
	}
}

// queued opens the queue of an overview that is read.
var queued = acts(until(func(st presenter.State) bool {
	return st.Overview.SignIn != "" && st.Overview.Rows[5].Cells[6].Text != ""
}), press((*presenter.Presenter).ShowQueue))

// queueScenes are the states of signing mailboxes in one after another.
func queueScenes() []Scene {
	start := press((*presenter.Presenter).StartQueue)
	return []Scene{
		{Name: "queue", Set: Several, Do: queued},
		{Name: "queue-waiting", Set: sets(Several, func(s *Stage) {
			s.Engine.hang(started, oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Microsoft Edge"})
		}), Do: acts(queued, start, until(func(st presenter.State) bool { return st.Queue.Waiting != nil && st.Queue.Waiting.CanOpen }))},
		{
			Name: "queue-question", Set: sets(Several, func(s *Stage) {
				for _, name := range []string{"Orders", "Sales"} {
					d, _ := s.Book.Get(name)
					d.OAuth.Authority = "https://login.example.com"
					_ = s.Book.Put(d)
				}
			}), Do: acts(queued, start),
		},
		{
			Name: "queue-refused", Set: sets(Several, func(s *Stage) { s.Engine.refuse(Somebody()) }),
			Do: acts(queued, start, until(func(st presenter.State) bool { return st.Queue.CanStart })),
		},
	}
}
