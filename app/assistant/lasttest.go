package assistant

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// LastTest is what the last test of a protocol found.
type LastTest struct {
	At      time.Time
	Problem *diagnosis.Diagnosis // why it failed; nil: it works
}

// LastTests are those of a mailbox. A protocol that is not in it was not tested
// yet; nil: nobody keeps its tests.
type LastTests map[mailtest.Protocol]LastTest

// TestsOf are those of a test. What it left out or was cut short in has none.
func TestsOf(r *mailtest.Report) LastTests {
	tests := LastTests{}
	for _, p := range mailtest.Tests() {
		switch result := r.Result(p); {
		case result.OK():
			tests[p] = LastTest{At: r.Started}
		case result.State == mailtest.Failed:
			tests[p] = LastTest{r.Started, result.Problem()}
		}
	}
	return tests
}

// TestsKept are the last ones in a mailbox's history, the oldest first.
func TestsKept(d mailbox.Definition, past []history.Entry) LastTests {
	tests := LastTests{}
	past = history.About(past, d)
	for _, p := range mailtest.Tests() {
		of := history.Only(past, p)
		if len(of) == 0 {
			continue
		}
		last := of[len(of)-1]
		switch {
		case last.OK():
			tests[p] = LastTest{At: last.At}
		case last.Results[p].State == mailtest.Failed:
			problem := keptProblem(d, p, last.Results[p].Cause)
			tests[p] = LastTest{last.At, &problem}
		}
	}
	return tests
}

// keptProblem is a cause of the history with what is known of the mailbox. How
// sure it was is not kept: it is likely, no more.
func keptProblem(d mailbox.Definition, p mailtest.Protocol, cause diagnosis.Cause) diagnosis.Diagnosis {
	if !slices.Contains(diagnosis.Causes(), cause) { // another version's
		cause = diagnosis.CauseUnknown
	}
	args := i18n.Args{"protocol": p.Title(), "mailbox": d.Address(), "user": d.User}
	if s := d.Server(p); s != nil {
		args["host"], args["port"] = s.Host, strconv.Itoa(s.Port)
	}
	if d.OAuth != nil {
		args["client"], args["tenant"] = d.OAuth.ClientID, d.OAuth.Tenant
	}
	problem := diagnosis.New(cause, diagnosis.Phase(p), args)
	problem.Certainty = diagnosis.Likely
	return problem
}

// tested adds to a server that answers what its last test found: that it
// answers proves little.
func (l LastTests) tested(f CheckResult, p mailtest.Protocol, s mailbox.Server, t *i18n.Texts) CheckResult {
	if f.State != oauth.CheckPassed {
		return f
	}
	args := i18n.Args{"protocol": p.Title(), "host": s.Host, "port": strconv.Itoa(s.Port)}
	last, known := l[p]
	if known {
		at := last.At.UTC().Truncate(time.Second)
		f.Tested, args["time"] = &at, last.At.Local().Format(t.Text("history.time"))
	}
	switch {
	case l == nil:
		f.Text = t.Text("assistant.tested.not-kept", args)
	case !known:
		f.Text = t.Text("assistant.tested.never", args)
	case last.Problem == nil:
		f.Text = t.Text("assistant.tested.works", args)
	default:
		cause := last.Problem.Render(t).Title
		args["cause"] = cause
		f.State, f.Problem, f.Cause = oauth.CheckFailed, last.Problem, last.Problem.Cause
		f.Text = t.Text("assistant.tested.failed", args)
		if strings.Contains(cause, p.Title()) { // it names the protocol itself
			f.Text = t.Text("assistant.tested.failed-told", args)
		}
	}
	return f
}
