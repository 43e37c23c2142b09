package presenter

import (
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// tried are the experiments after a protocol's failure, each a step of its own.
func (p *Presenter) tried(r *mailtest.Report, protocol mailtest.Protocol) []Line {
	var lines []Line
	for _, e := range of(r, protocol) {
		x := *e.Experiment
		x.Change = nil // a button offers it
		lines = append(lines, Line{triedMark(e.State), x.Words(p.c.Texts, protocol, r.Result(protocol).Server)})
	}
	return lines
}

// triedSignIn are those after a failed request.
func (p *Presenter) triedSignIn(e *entry) []Line {
	var lines []Line
	for _, t := range e.tried {
		mark := MarkTried
		if t.Result == "" {
			mark = MarkSkipped
		}
		lines = append(lines, Line{mark, mailtest.Experiment{ID: t.ID, Result: t.Result}.Words(p.c.Texts, "", mailbox.Server{})})
	}
	return lines
}

// triedMark says how far an experiment is. That it came to a result is
// neither good nor bad.
func triedMark(s mailtest.State) Mark {
	if s == mailtest.Passed {
		return MarkTried
	}
	return markOf(s)
}

// of are a protocol's experiments.
func of(r *mailtest.Report, protocol mailtest.Protocol) []mailtest.Event {
	return slices.DeleteFunc(r.Experiments(), func(e mailtest.Event) bool { return e.Protocol != protocol })
}

// change is a server that a test found to answer in the place of the one that
// is set.
type change struct {
	id       ActionID
	by       diagnosis.Experiment
	protocol mailtest.Protocol
	from, to mailbox.Server
}

// changes are what the experiments of a test propose, each once.
func changes(r *mailtest.Report) []change {
	var all []change
	for _, e := range r.Experiments() {
		if e.Experiment.Change == nil {
			continue
		}
		c := change{by: e.Experiment.ID, protocol: e.Protocol, from: r.Result(e.Protocol).Server, to: *e.Experiment.Change}
		c.id = ActionID(strings.Join([]string{"use-server", string(c.protocol), c.to.Host, strconv.Itoa(c.to.Port), c.to.Security}, " "))
		if !slices.ContainsFunc(all, func(o change) bool { return o.id == c.id }) {
			all = append(all, c)
		}
	}
	return all
}

// offer puts actions where the protocol's cause is told.
func (s *ProtocolState) offer(actions []Action) {
	if s.Finding == nil {
		s.Actions = actions
		return
	}
	s.Finding.Actions = append(s.Finding.Actions, actions...)
}

// changeActions offer a protocol's changes; the first may be the next thing to
// do.
func (p *Presenter) changeActions(r *mailtest.Report, protocol mailtest.Protocol, next bool) []Action {
	var actions []Action
	for _, c := range changes(r) {
		if c.protocol != protocol {
			continue
		}
		text := p.text("ui.action.use-host", "host", c.to.Host)
		if strings.EqualFold(c.from.Host, c.to.Host) {
			text = p.text("ui.action.use-port", "port", strconv.Itoa(c.to.Port), "security", Words(p.c.Texts, SecurityOf(c.protocol), c.to.Security))
		}
		actions = append(actions, Action{ID: c.id, Text: text, Primary: next && len(actions) == 0})
	}
	return actions
}

// takeChange puts what an action offers into the form. Where a host's name was
// wrong, it is wrong for every protocol that was tried with it.
func (p *Presenter) takeChange(e *entry, id ActionID) bool {
	if e.tested == nil {
		return false
	}
	all := changes(e.tested.Report)
	i := slices.IndexFunc(all, func(c change) bool { return c.id == id })
	if i < 0 {
		return false
	}
	chosen := all[i]
	for _, c := range all {
		renamed := c.by == chosen.by && c.from.Host == chosen.from.Host && !strings.EqualFold(c.from.Host, c.to.Host)
		if c.id == id || renamed && c.protocol != chosen.protocol {
			e.form.setServer(c.protocol, c.to)
			e.found.drop(HostOf(c.protocol))
		}
	}
	return true
}
