package monitor

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

var update = flag.Bool("update", false, "write the golden files")

var (
	start  = time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	limits = Limits{Warning: 14, Critical: 3}
)

// row is a mailbox in order; change makes of it what a case needs.
func row(name string, change func(*overview.Row)) *overview.Row {
	r := &overview.Row{
		Name: name, Status: authorization.Status{State: authorization.StateValid, EndsIfUnusedBy: start.AddDate(0, 0, 90).Add(time.Hour)}, Tested: start,
		Definition: mailbox.Definition{
			Name: name, User: strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@contoso.com",
			Servers: mailbox.NewServers(mailbox.Given{mailbox.IMAP: &mailbox.Server{Host: "imap"}, mailbox.SMTP: &mailbox.Server{Host: "smtp"}}),
		},
		Results: map[mailtest.Protocol]history.Result{
			mailtest.IMAP: {State: mailtest.Passed, MS: 412}, mailtest.SMTP: {State: mailtest.Passed, MS: 1250},
		},
	}
	if change != nil {
		change(r)
	}
	return r
}

// several has a mailbox of every kind.
func several(lang i18n.Language) *Run {
	t := i18n.For(lang)
	run := &Run{Texts: t, Limits: limits, Started: start, Took: 2345 * time.Millisecond, All: true}
	for _, r := range []*overview.Row{
		row("Help Desk", nil),
		row("Ärger & Co", func(r *overview.Row) {
			r.Results[mailtest.SMTP] = history.Result{State: mailtest.Failed, MS: 300, Cause: diagnosis.CauseTokenUserMismatch}
			r.Cause, r.Finding = diagnosis.CauseTokenUserMismatch, `a|b "c" \ #1`
		}),
		row("Application", func(r *overview.Row) {
			r.Secret = authorization.Credentials{Stored: true, Ends: start.AddDate(0, 0, 10)}
			r.Definition.OAuth = &mailbox.OAuth{AccountType: mailbox.AccountApplication}
		}),
		row("Certificate", func(r *overview.Row) {
			r.Secret = authorization.Credentials{Stored: true, Certificate: true, Ends: start.Add(36 * time.Hour)}
		}),
		row("Nobody", func(r *overview.Row) {
			r.State, r.Finding, r.EndsIfUnusedBy = authorization.StateNone, t.Text("overview.state.none"), time.Time{}
			r.Cause, r.Results = diagnosis.CauseAuthorizationMissing, map[mailtest.Protocol]history.Result{mailtest.IMAP: {State: mailtest.Skipped}, mailtest.SMTP: {State: mailtest.Skipped}}
		}),
		row("Warned", func(r *overview.Row) { r.Results[mailtest.IMAP] = history.Result{State: mailtest.Warned, MS: 99} }),
	} {
		run.Checks = append(run.Checks, NewCheck(r, limits, t, run.now()))
	}
	run.Checks = append(run.Checks, Failed(mailbox.Definition{}, `bro"ken`, "syntax\nerror"))
	run.Sort()
	return run
}

func one(name string) *Run {
	run := several(i18n.English)
	for _, c := range run.Checks {
		if c.Name == name {
			run.All, run.Checks = false, []*Check{c}
			return run
		}
	}
	panic(name)
}

func TestLevels(t *testing.T) {
	want := map[string]Level{
		"Help Desk": OK, "Ärger & Co": Critical, "Application": Warning, "Certificate": Critical, "Nobody": Critical, "Warned": Warning, `bro"ken`: Unknown,
	}
	run := several(i18n.English)
	for _, c := range run.Checks {
		if c.Level != want[c.Name] || (c.Problem == "") != (c.Level == OK) {
			t.Errorf("%s: %v, %q", c.Name, c.Level, c.Problem)
		}
	}
	if run.Level() != Critical || len(run.Checks) != len(want) {
		t.Errorf("all: %v of %d", run.Level(), len(run.Checks))
	}
	refused := row("x", func(r *overview.Row) { r.Cause, r.Finding = "user-account-disabled", "Switched off" })
	if c := NewCheck(refused, limits, i18n.For(i18n.English), start); c.Level != Warning || c.Problem != "Switched off" {
		t.Errorf("what keeps from the next renewal: %v, %q", c.Level, c.Problem)
	}
	// Each protocol that fails is named with what is wrong, what is told first before all others.
	two := row("x", func(r *overview.Row) {
		r.Cause, r.Finding = diagnosis.CausePortBlocked, "Blocked"
		r.Results[mailtest.POP3] = history.Result{State: mailtest.Failed, Cause: r.Cause}
		r.Results[mailtest.SMTP] = r.Results[mailtest.POP3]
	})
	for cause, want := range map[diagnosis.Cause]string{diagnosis.CausePortBlocked: "POP3, SMTP: Blocked", diagnosis.CauseTokenUserMismatch: "POP3: Blocked; SMTP: The token belongs to another account than the mailbox"} {
		two.Results[mailtest.SMTP] = history.Result{State: mailtest.Failed, Cause: cause}
		if c := NewCheck(two, limits, i18n.For(i18n.English), start); c.Problem != want {
			t.Errorf("%q, want %q", c.Problem, want)
		}
	}
	ended := row("x", func(r *overview.Row) {
		r.Secret = authorization.Credentials{Stored: true, Ends: start.AddDate(0, 0, -9)}
	})
	if c := NewCheck(ended, limits, i18n.For(i18n.German), start); c.Level != Critical || c.Problem != "der geheime Clientschlüssel ist abgelaufen" {
		t.Errorf("ended nine days ago: %v, %q", c.Level, c.Problem)
	}
	for days, level := range map[int]Level{2: Critical, 3: Warning, 13: Warning, 14: OK} {
		r := row("x", func(r *overview.Row) { r.EndsIfUnusedBy = start.AddDate(0, 0, days).Add(time.Hour) })
		if c := NewCheck(r, limits, i18n.For(i18n.English), start); c.Level != level {
			t.Errorf("%d days left: %v, want %v", days, c.Level, level)
		}
	}
}

// The series of an end stays where an authorization is refused or gone, and is
// over: an alert on it goes on.
func TestTheEndOfAnAuthorizationThatCannotBeUsedIsOver(t *testing.T) {
	run := &Run{Texts: i18n.For(i18n.English), Limits: limits, Started: start, Took: time.Second}
	past, now := start.AddDate(0, 0, -5), start.Add(time.Second)
	for name, c := range map[string]struct {
		state      authorization.State
		ends, want time.Time
	}{
		"refused":    {authorization.StateRefused, start.AddDate(0, 0, 80), now},
		"gone":       {authorization.StateNone, time.Time{}, now},
		"expired":    {authorization.StateExpired, past, past},
		"valid":      {authorization.StateValid, start.AddDate(0, 0, 80), start.AddDate(0, 0, 80)},
		"unreadable": {overview.StateUnreadable, time.Time{}, time.Time{}},
		"password":   {overview.StatePassword, time.Time{}, time.Time{}},
	} {
		run.Checks = []*Check{NewCheck(row("x", func(r *overview.Row) { r.State, r.EndsIfUnusedBy = c.state, c.ends }), limits, run.Texts, now)}
		got, series := string(run.prometheus()), "\nmailgrant_authorization_end_timestamp_seconds{mailbox=\"x\"} "
		if strings.Contains(got, series) == c.want.IsZero() || !c.want.IsZero() && !strings.Contains(got, fmt.Sprint(series, c.want.Unix(), "\n")) {
			t.Errorf("%s: want %v\n%s", name, c.want, got)
		}
	}
}

// TestGolden: go test ./app/monitor -update writes the files anew.
func TestGolden(t *testing.T) {
	for _, f := range Formats {
		for name, run := range map[string]*Run{"all": several(i18n.German), "one": one("Help Desk"), "bad": one("Nobody")} {
			file := filepath.Join("testdata", string(f)+"-"+name)
			got := f.Write(run)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || string(want) != string(got) {
				t.Errorf("%s: %v\n got %s\nwant %s", file, err, got, want)
			}
		}
	}
}

func TestStatus(t *testing.T) {
	for f, want := range map[Format]int{Nagios: 2, Checkmk: 0, Prometheus: 0, PRTG: 0, Zabbix: 0} {
		if got, ok := f.Status(Critical); !ok || got != want {
			t.Errorf("%s: %d, %t", f, got, ok)
		}
	}
	for _, f := range []Format{Text, JSON} {
		if _, ok := f.Status(Critical); ok {
			t.Errorf("%s has a status of its own", f)
		}
	}
	for f, want := range map[Format]string{
		Nagios: "MAILGRANT UNKNOWN - no / list\n", Checkmk: "3 \"Mailgrant\" - no / list\n",
		PRTG: `{"prtg":{"error":1,"text":"no | list"}}` + "\n", Zabbix: `{"data":[],"error":"no | list","mailboxes":[]}` + "\n",
	} {
		if out, _, ok := f.Failed("no |\nlist"); !ok || string(out) != want {
			t.Errorf("%s: %s", f, out)
		}
	}
	if _, status, _ := Nagios.Failed("x"); status != 3 {
		t.Errorf("Nagios: status %d", status)
	}
}

func TestManyProblemsFitIntoNagios(t *testing.T) {
	run := several(i18n.German)
	for range 8 {
		run.Checks = append(run.Checks, run.Checks...)
	}
	out := string(Nagios.Write(run))
	if len(out) > 8<<10 || !strings.Contains(out, "weitere\n") || strings.Count(out, "KRITISCH") > 0 {
		t.Errorf("%d bytes:\n%s", len(out), out[len(out)-200:])
	}
	readNagios(t, out)
	var sensor struct {
		PRTG struct{ Text string }
	}
	if err := json.Unmarshal(PRTG.Write(run), &sensor); err != nil || len([]rune(sensor.PRTG.Text)) > 2000 {
		t.Errorf("%v: %d characters", err, len([]rune(sensor.PRTG.Text)))
	}
}

func TestChanges(t *testing.T) {
	home, run := t.TempDir(), several(i18n.English)
	compare := func() []string {
		t.Helper()
		m, worse, better := Compare(home, "mail", run)
		if err := m.Save(t.Context()); err != nil {
			t.Fatal(err)
		}
		return append(worse, better...)
	}
	if first := compare(); len(first) != 6 {
		t.Errorf("first run: %q", first)
	}
	if again := compare(); len(again) != 0 {
		t.Errorf("told twice: %q", again)
	}
	for i := range run.Checks {
		if run.Checks[i].Name == "Nobody" {
			run.Checks[i] = NewCheck(row("Nobody", nil), limits, run.Texts, start)
		}
	}
	if better := compare(); len(better) != 1 || better[0] != "Nobody: in order again (was: no authorization)" {
		t.Errorf("%q", better)
	}
	// Runs over one mailbox each, as a monitoring system starts them, tell side by side.
	var memories []Memory
	for _, name := range []string{"Warned", "Application"} {
		alone := one(name)
		alone.Checks[0].Problem = "another"
		m, worse, better := Compare(home, "mail", alone)
		if len(worse) != 1 || len(better) != 0 {
			t.Errorf("%s: %v, %v", name, worse, better)
		}
		memories = append(memories, m)
	}
	for _, m := range memories {
		if err := m.Save(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range run.Checks {
		if c.Name == "Warned" || c.Name == "Application" {
			c.Problem = "another"
		}
	}
	if forgotten := compare(); len(forgotten) != 0 {
		t.Errorf("of runs over one mailbox each one forgets what the others told: %q", forgotten)
	}
	for _, damaged := range []string{"{", "null"} {
		if err := os.WriteFile(filepath.Join(Folder(home), "told-mail.json"), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := memories[0].Save(t.Context()); err != nil {
			t.Errorf("after damage: %v", err)
		}
		if after := compare(); len(after) != 4 {
			t.Errorf("after damage: %q", after)
		}
	}
}
