package presenter

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

func (p *Presenter) testState(e *entry) TestState {
	s := TestState{CanTest: e.job == nil, History: p.historyState(e), Watch: p.watchState(e)}
	s.CanCancel = e.doing(testing, watching, roundTripping)
	s.Running = e.doing(testing) || e.doing(watching) && !s.Watch.CanNow
	s.Primary = s.CanTest && (!e.usesOAuth() || e.Status.State == authorization.StateValid && e.outcome == nil) && !e.question.offers()
	if e.question != nil {
		s.Findings = append(s.Findings, *e.question)
	}
	switch {
	case e.tested != nil:
		old := !s.Running && !p.upToDate(e)
		p.showFound(e, &s, old)
		p.showNext(e, &s, old)
	case len(e.past) == 0: // else it was tested, and stands there
		s.Hint = p.text("ui.test.hint")
	}
	return s
}

// showFound shows what the last test found; a result out of date has no colours.
func (p *Presenter) showFound(e *entry, s *TestState, old bool) {
	r := e.tested.Report
	told := r.Diagnoses()
	for _, server := range e.tested.of.Servers {
		protocol := server.Protocol
		ps := p.protocolState(r, protocol, *server.Server, s.Running)
		ps.Finding, ps.Note = p.takeFinding(e, protocol, &told)
		ps.Tried = slices.DeleteFunc(ps.Tried, func(l Line) bool { return ps.Finding != nil && strings.Contains(ps.Finding.Certainty, l.Text) })
		if !s.Running {
			ps.offer(p.changeActions(r, protocol, !old && !s.offers()))
		}
		if old {
			ps.outdate(p.text("ui.test.state.old"))
		}
		s.Protocols = append(s.Protocols, ps)
	}
	if s.RoundTrip = p.roundTripState(e); s.RoundTrip != nil {
		s.RoundTrip.Finding, _ = p.takeFinding(e, mailtest.RoundTripTest, &told)
		if old && !s.RoundTrip.Running {
			s.RoundTrip.Mark = MarkSkipped
			outdate(s.RoundTrip.Steps, s.RoundTrip.Finding)
		}
	}
	for _, d := range told {
		f := p.tested(e, d)
		if old {
			outdate(nil, &f)
		}
		s.Findings = append(s.Findings, f)
	}
	s.Summary = p.summary(e, *s)
	if old {
		s.Summary = Line{MarkWarning, p.text(p.oldBy(e), "time", p.clock(e.tested.at))}
	} else if opened := assistant.Opened(r, p.c.Texts); opened != "" {
		s.Opened = Line{MarkWarning, opened}
	}
}

// showNext offers what can be done after a test.
func (p *Presenter) showNext(e *entry, s *TestState, old bool) {
	for _, f := range s.findings() { // unless something is offered that tests again by itself
		if s.CanTest && len(f.Actions) == 0 {
			f.Actions = []Action{{ID: ActionTest, Text: p.text("ui.test.test")}}
		}
	}
	s.CanReport = !s.Running && !e.doing(roundTripping)
	if s.CanTest && p.canRoundTrip(e) {
		s.CanRoundTrip = true
		s.From, s.To = mailtest.RoundTripRoute(e.tested.of)
	}
	s.CanWatch = s.CanTest && !old && good(s.Protocols) < len(s.Protocols) && e.tested.Passing() && !e.tested.NoAuthorization()
	if s.Summary.Mark == MarkGood && (s.CanTest || e.doing(checkingProduct)) && e.tested.Complete() {
		s.Next = p.nextStep(e)
	}
	s.Primary = s.Primary && !s.offers() && s.Next == nil
}

// oldBy is the text that says by what a result became out of date.
func (p *Presenter) oldBy(e *entry) string {
	switch {
	case !e.untouched():
		return "ui.test.old"
	case !p.sameFaults(e):
		return "ui.test.old-fault"
	}
	return "ui.test.old-authorization"
}

// outdate takes the colours of a result that no longer holds.
func (s *ProtocolState) outdate(word string) {
	s.Mark, s.Result = MarkSkipped, word
	outdate(s.Steps, s.Finding)
}

func outdate(steps []Line, f *Finding) {
	for i := range steps {
		steps[i].Mark = MarkSkipped
	}
	if f != nil {
		f.Mark = MarkSkipped
	}
}

// findings are those of the protocols too.
func (s *TestState) findings() (all []*Finding) {
	for i := range s.Findings {
		all = append(all, &s.Findings[i])
	}
	for _, p := range s.Protocols {
		if p.Finding != nil {
			all = append(all, p.Finding)
		}
	}
	return all
}

// offers tells whether the next thing to do is an action of a finding.
func (s *TestState) offers() bool { return slices.ContainsFunc(s.findings(), (*Finding).offers) }

// tested is the finding of a test, with what can be done about it here.
func (p *Presenter) tested(e *entry, d diagnosis.Diagnosis) Finding {
	f := p.finding(d)
	f.Actions = p.proxyActions(d)
	if d.Retry == diagnosis.RetrySignIn && d.Certainty != diagnosis.Possible && e.usesOAuth() && e.job == nil && p.upToDate(e) {
		f.Actions = []Action{{ID: ActionRequest, Text: p.text("ui.auth.request")}}
	}
	return f
}

// takeFinding gives a protocol the first diagnosis that is its own. Others
// that share it only say so: one cause is told once.
func (p *Presenter) takeFinding(e *entry, protocol mailtest.Protocol, told *[]diagnosis.Diagnosis) (*Finding, string) {
	var own *diagnosis.Diagnosis
	warned := false
	for _, step := range e.tested.Report.Result(protocol).Steps {
		if step.Diagnosis != nil {
			own, warned = step.Diagnosis, step.State == mailtest.Warned
			break
		}
	}
	if own == nil {
		return nil, ""
	}
	i := slices.IndexFunc(*told, func(d diagnosis.Diagnosis) bool {
		return d.Cause == own.Cause && d.Phase == own.Phase && d.Step == own.Step && d.ServerText == own.ServerText
	})
	if i < 0 {
		return nil, p.text("ui.test.same-cause", "title", own.Render(p.c.Texts).Title)
	}
	f := p.tested(e, (*told)[i])
	if warned || own.Cause == diagnosis.CauseAuthorizationMissing || own.Cause == diagnosis.CausePasswordMissing {
		f.Mark = MarkWarning
	}
	*told = slices.Delete(slices.Clone(*told), i, i+1)
	return &f, ""
}

func (p *Presenter) protocolState(r *mailtest.Report, protocol mailtest.Protocol, server mailbox.Server, running bool) ProtocolState {
	res := r.Result(protocol)
	s := ProtocolState{
		Name: protocol.Title(), Where: server.Host + ":" + strconv.Itoa(server.Port),
		Safety: Words(p.c.Texts, SecurityOf(protocol), server.Security), Mark: MarkPending,
	}
	for _, step := range mailtest.Steps(server.Security) {
		if step == mailtest.StepQuit || step == mailtest.StepTLS && server.Security == mailbox.SecurityNone { // it tells the user nothing
			continue
		}
		line := Line{MarkPending, p.text("ui.step." + string(step))}
		if i := slices.IndexFunc(res.Steps, func(e mailtest.Event) bool { return e.Step == step }); i >= 0 {
			line = p.stepLine(res.Steps[i])
		}
		s.Steps = append(s.Steps, line)
	}
	s.Tried = p.tried(r, protocol)
	if len(res.Steps) == 0 {
		s.Result = p.text("ui.test.waiting")
		if !running {
			s.Result, s.Mark = p.text("ui.test.state.skipped"), MarkSkipped
		}
		return s
	}
	s.Mark = markOf(res.State)
	s.Result = p.text("ui.test.state." + string(res.State))
	if res.Done && res.State != mailtest.Skipped {
		s.Result = p.text("ui.test.result", "state", s.Result, "time", p.took(res.Duration))
	}
	return s
}

// stepLine adds what is worth knowing to the step's name.
func (p *Presenter) stepLine(e mailtest.Event) Line {
	text := p.text("ui.step." + string(e.Step))
	if version, ok := e.Facts["version"].(string); ok && e.Step == mailtest.StepTLS && e.State != mailtest.Failed {
		text = version
	}
	return Line{markOf(e.State), text}
}

var stateMarks = map[mailtest.State]Mark{
	mailtest.Running: MarkRunning, mailtest.Passed: MarkGood, mailtest.Warned: MarkWarning, mailtest.Failed: MarkBad,
}

func markOf(s mailtest.State) Mark { return cmp.Or(stateMarks[s], MarkSkipped) }

// good counts the protocols that work.
func good(all []ProtocolState) (n int) {
	for _, protocol := range all {
		if protocol.Mark == MarkGood || protocol.Mark == MarkWarning {
			n++
		}
	}
	return n
}

// summary is the result in one sentence.
func (p *Presenter) summary(e *entry, s TestState) Line {
	if s.Running {
		return Line{MarkRunning, p.text("ui.test.running")}
	}
	good, all := good(s.Protocols), len(s.Protocols)
	when := p.clock(e.tested.at)
	switch {
	case e.tested.NoAuthorization():
		return Line{MarkWarning, p.text("ui.test.no-authorization", "time", when)}
	case good == all && s.RoundTrip != nil && (s.RoundTrip.Mark == MarkBad || s.RoundTrip.Finding != nil):
		return Line{MarkBad, p.text("ui.test.trip-bad", "time", when)}
	case good == all:
		return Line{MarkGood, p.text("ui.test.good", "time", when)}
	}
	return Line{MarkBad, p.text("ui.test.bad", "good", strconv.Itoa(good), "all", strconv.Itoa(all), "time", when)}
}
