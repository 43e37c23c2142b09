// Package monitor says how mailboxes are doing in the forms that monitoring
// systems read: Nagios and its kind, Checkmk, Prometheus, PRTG, Zabbix, and
// JSON for all others.
//
// It decides what is a warning and what is critical, and writes. It tests
// nothing itself.
package monitor

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// Level is how bad it is; its numbers are the exit statuses of the Monitoring
// Plugins Development Guidelines, which Checkmk has too.
type Level int

const (
	OK Level = iota
	Warning
	Critical
	Unknown
)

// Levels lists all of them.
var Levels = []Level{OK, Warning, Critical, Unknown}

// String is the level's name in lower case.
func (l Level) String() string { return [...]string{"ok", "warning", "critical", "unknown"}[l] }

// severity orders the levels: not knowing is worse than a warning and better
// than a failure that is certain.
var severity = map[Level]int{OK: 0, Warning: 1, Unknown: 2, Critical: 3}

// Limits are the days before an end from which it is told.
type Limits struct{ Warning, Critical int }

// Check is one mailbox of a run.
type Check struct {
	overview.Row
	Level   Level
	Problem string        // what is wrong, in one line; "" at OK
	Took    time.Duration // the test; 0: there was none
}

// NewCheck judges a mailbox as it stands now.
func NewCheck(r *overview.Row, l Limits, t *i18n.Texts, now time.Time) *Check {
	c := &Check{Row: *r}
	raise := func(to Level, text string) {
		if severity[to] > severity[c.Level] {
			c.Level, c.Problem = to, text
		}
	}
	ending := func(kind string, end time.Time) {
		if end.IsZero() {
			return
		}
		days := overview.Days(end, now)
		text := t.Text("monitor.ends."+kind, i18n.Args{"days": inDays(t, days)})
		if end.Before(now) {
			text = t.Text("monitor.ended." + kind)
		}
		if days < l.Critical {
			raise(Critical, text)
		} else if days < l.Warning {
			raise(Warning, text)
		}
	}
	ending(c.SecretKind(), r.Secret.Ends)
	ending("authorization", r.Ends())
	for p, res := range r.Protocols() {
		if res.State == mailtest.Warned {
			raise(Warning, t.Text("monitor.warned", i18n.Args{"protocol": p.Title()}))
		}
	}
	switch {
	case r.State == overview.StateUnreadable:
		raise(Unknown, r.Finding)
	case !r.Usable():
		c.Level, c.Problem = Critical, r.Finding
	case !r.OK():
		c.Level, c.Problem = Critical, failures(r, t)
	case r.Broken():
		raise(Warning, r.Finding)
	}
	return c
}

// failures names the protocols that do not work by what is wrong with them, what
// is wrong with the mailbox first.
func failures(r *overview.Row, t *i18n.Texts) string {
	causes, by := []diagnosis.Cause{r.Cause}, map[diagnosis.Cause][]string{}
	for p, res := range r.Protocols() {
		if cause := cmp.Or(res.Cause, r.Cause); !res.State.Works() {
			if cause != r.Cause && by[cause] == nil {
				causes = append(causes, cause)
			}
			by[cause] = append(by[cause], p.Title())
		}
	}
	var parts []string
	for _, cause := range causes {
		finding := r.Finding
		if cause != r.Cause {
			finding = history.Entry{Cause: cause, Results: r.Results}.Title(t)
		}
		if finding = cmp.Or(finding, t.Text("monitor.fails")); len(by[cause]) > 0 {
			finding = t.Text("monitor.failed", i18n.Args{"protocols": strings.Join(by[cause], ", "), "finding": finding})
		} else if cause == "" && len(by) > 0 {
			continue
		}
		parts = append(parts, finding)
	}
	return strings.Join(parts, "; ")
}

func inDays(t *i18n.Texts, days int) string {
	if days == 1 {
		return t.Text("monitor.day")
	}
	return t.Text("monitor.days", i18n.Args{"days": itoa(days)})
}

// Failed is a mailbox that could not be looked at.
func Failed(d mailbox.Definition, name, reason string) *Check {
	return &Check{Row: overview.Row{Name: name, Definition: d, Status: authorization.Status{State: overview.StateUnreadable}}, Level: Unknown, Problem: reason}
}

// Run is one run over some mailboxes.
type Run struct {
	Texts   *i18n.Texts
	Limits  Limits
	Started time.Time
	Took    time.Duration
	All     bool // of many mailboxes, also where there is only one
	Part    bool // and there are others
	Checks  []*Check
}

// Sort puts the checks in the order of their names.
func (r *Run) Sort() {
	slices.SortFunc(r.Checks, func(a, b *Check) int { return i18n.Compare(a.Name, b.Name) })
}

// Level is the worst of all.
func (r *Run) Level() Level {
	worst := OK
	for _, c := range r.Checks {
		if severity[c.Level] > severity[worst] {
			worst = c.Level
		}
	}
	return worst
}

func (r *Run) count(l Level) (n int) {
	for _, c := range r.Checks {
		if c.Level == l {
			n++
		}
	}
	return n
}

// bad lists those that are not OK, the worst first.
func (r *Run) bad() []*Check {
	var bad []*Check
	for _, c := range r.Checks {
		if c.Level != OK {
			bad = append(bad, c)
		}
	}
	sort.SliceStable(bad, func(i, j int) bool { return severity[bad[j].Level] < severity[bad[i].Level] })
	return bad
}

// now is when the run ended: days are counted from then.
func (r *Run) now() time.Time { return r.Started.Add(r.Took) }

// days is Days for a format: ok is false where no end is known.
func (r *Run) days(end time.Time) (days int, ok bool) {
	if end.IsZero() {
		return 0, false
	}
	return overview.Days(end, r.now()), true
}

// authorizationDays counts an authorization that cannot be used as ended.
func (r *Run) authorizationDays(c *Check) (days int, ok bool) {
	return r.days(r.authorizationEnd(c))
}

// authorizationEnd is over where the authorization cannot be used, so that an
// alert on what is left of it does not fall silent.
func (r *Run) authorizationEnd(c *Check) time.Time {
	if now := r.now(); !c.Usable() && c.State != overview.StateUnreadable && (c.Ends().IsZero() || c.Ends().After(now)) {
		return now
	}
	return c.Ends()
}

func (r *Run) summary() string {
	args := i18n.Args{"all": itoa(len(r.Checks))}
	for _, l := range Levels {
		args[l.String()] = itoa(r.count(l))
	}
	return r.Texts.Text("monitor.summary", args)
}

// state is one sentence about a mailbox: what is wrong, or what works.
func (r *Run) state(c *Check) string {
	if c.Problem != "" {
		return c.Problem
	}
	var parts []string
	for p, res := range c.Protocols() {
		parts = append(parts, p.Title()+" "+itoa(int(res.MS))+" ms")
	}
	if days, ok := r.authorizationDays(c); ok {
		parts = append(parts, r.Texts.Text("monitor.authorization-lasts", i18n.Args{"days": inDays(r.Texts, days)}))
	}
	return strings.Join(parts, ", ")
}
