package scripted

import (
	"slices"
	"strings"
	"sync"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

// Rows are what is stored for mailboxes, and their last tests.
type Rows struct{ known sync.Map } // of Row, by name

// Row is that of one mailbox.
type Row struct {
	Status authorization.Status
	Last   history.Entry
}

// Status is an Engine's OnStatus.
func (r *Rows) Status(d mailbox.Definition) (authorization.Status, error) {
	if row, ok := r.known.Load(d.Name); ok {
		return row.(Row).Status, nil
	}
	return authorization.Status{State: authorization.StateNone}, nil
}

// Past is a Stage's Past.
func (r *Rows) Past(name string) []history.Entry {
	if row, ok := r.known.Load(name); ok && row.(Row).Last.Results != nil {
		return []history.Entry{row.(Row).Last}
	}
	return nil
}

// pasts is a presenter.History.
type pasts func(name string) []history.Entry

func (p pasts) Load(name string) ([]history.Entry, error) { return p(name), nil }

func (p pasts) Latest(d mailbox.Definition) (e history.Entry, ok bool, err error) {
	all := history.Completed(history.About(p(d.Name), d), d.Servers.Protocols())
	if len(all) == 0 {
		return e, false, nil
	}
	return all[len(all)-1], true, nil
}

// Put changes a row.
func (r *Rows) Put(name string, row Row) { r.known.Store(name, row) }

// Tested is a row after a test; the protocols that are named do not work.
func Tested(at, ends time.Time, cause diagnosis.Cause, bad ...mailtest.Protocol) Row {
	row := Row{Valid(Clock), history.Entry{At: at, Cause: cause, Results: map[mailtest.Protocol]history.Result{}}}
	row.Status.EndsIfUnusedBy = ends
	for i, p := range mailbox.Protocols() {
		row.Last.Results[p] = history.Result{State: mailtest.Passed, MS: int64(412 - 90*i)}
	}
	for _, p := range bad {
		row.Last.Results[p] = history.Result{State: mailtest.Failed, MS: 320, Cause: cause}
	}
	return row
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
	day := 24 * time.Hour
	sales := Tested(Clock.Add(-9*day), time.Time{}, "")
	sales.Status.State = authorization.StateExpired
	s.Rows = &Rows{}
	s.Engine.OnStatus, s.Past = s.Rows.Status, s.Rows.Past
	for name, row := range map[string]Row{
		"Helpdesk":   Tested(Clock.Add(-3*time.Hour), Clock.Add(90*day), ""),
		"Billing":    Tested(Clock.Add(-3*time.Hour), Clock.Add(61*day), diagnosis.CauseEXOSMTPAuthDisabledTenant, mailtest.SMTP),
		"Monitoring": Tested(Clock.Add(-2*day), Clock.Add(6*day), ""),
		"Scanner":    Tested(Clock.Add(-26*time.Hour), Clock.Add(77*day), diagnosis.CauseDNSNotResolved, mailbox.Protocols()...),
		"Orders":     {Status: authorization.Status{State: authorization.StateNone}},
		"Sales":      sales,
	} {
		_ = s.Book.Put(Named(name))
		s.Rows.Put(name, row)
	}
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
		{
			Name: "queue-applications", Set: sets(Several, func(s *Stage) {
				for _, name := range []string{"Orders", "Sales"} {
					d, _ := s.Book.Get(name)
					d.OAuth.AccountType = mailbox.AccountApplication
					_ = s.Book.Put(d)
				}
				s.Engine.refuse(diagnosis.New("client-secret-expired", diagnosis.PhaseToken, i18n.Args{"client": Helpdesk().OAuth.ClientID}))
			}),
			Do: acts(queued, start, until(func(st presenter.State) bool { return st.Queue.CanStart })),
		},
	}
}
