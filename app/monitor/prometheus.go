package monitor

import (
	"strconv"
	"strings"
	"time"
)

// prometheus writes the text format 0.0.4 for the textfile collector of
// node_exporter. It gives times of ends instead of days: an alert then counts
// the days itself, also when no run comes any more.
func (r *Run) prometheus() []byte {
	var p exposition
	each := func(name, help string, value func(*Check) (string, bool)) {
		p.metric(name, help)
		for _, c := range r.Checks {
			if v, ok := value(c); ok {
				p.sample(name, v, "mailbox", c.Name)
			}
		}
	}
	at := func(t time.Time) (string, bool) { return strconv.FormatInt(t.Unix(), 10), !t.IsZero() }
	each("mailgrant_mailbox_level", "How the mailbox is doing: 0 ok, 1 warning, 2 critical, 3 unknown.", func(c *Check) (string, bool) { return itoa(int(c.Level)), true })
	each("mailgrant_authorization_usable", "Whether there is something to sign in with.", func(c *Check) (string, bool) { return truth(c.Usable()), true })
	each("mailgrant_authorization_end_timestamp_seconds", "When the authorization ends if nobody uses it; over where there is none to sign in with.", func(c *Check) (string, bool) { return at(r.authorizationEnd(c)) })
	each("mailgrant_last_test_timestamp_seconds", "When the mailbox was tested last.", func(c *Check) (string, bool) { return at(c.Tested) })
	p.metric("mailgrant_credential_end_timestamp_seconds", "When the client secret or the certificate ends.")
	for _, c := range r.Checks {
		if v, ok := at(c.Secret.Ends); ok {
			p.sample("mailgrant_credential_end_timestamp_seconds", v, "mailbox", c.Name, "kind", c.secretKind())
		}
	}
	p.metric("mailgrant_protocol_up", "Whether the protocol works.")
	for _, c := range r.Checks {
		for protocol, res := range c.Protocols() {
			p.sample("mailgrant_protocol_up", truth(res.State.Works()), "mailbox", c.Name, "protocol", string(protocol))
		}
	}
	p.metric("mailgrant_protocol_duration_seconds", "How long the test by the protocol took.")
	for _, c := range r.Checks {
		for protocol, res := range c.Protocols() {
			if res.State.Works() {
				p.sample("mailgrant_protocol_duration_seconds", seconds(res.MS), "mailbox", c.Name, "protocol", string(protocol))
			}
		}
	}
	p.metric("mailgrant_problem_info", "What is wrong; mailgrant explain says more about a cause.")
	for _, c := range r.Checks {
		if c.Cause != "" {
			p.sample("mailgrant_problem_info", "1", "mailbox", c.Name, "cause", string(c.Cause))
		}
	}
	p.metric("mailgrant_run_timestamp_seconds", "When the last run ended.")
	p.sample("mailgrant_run_timestamp_seconds", strconv.FormatInt(r.now().Unix(), 10))
	p.metric("mailgrant_run_duration_seconds", "How long the last run took.")
	p.sample("mailgrant_run_duration_seconds", seconds(r.Took.Milliseconds()))
	return []byte(p.b.String())
}

func truth(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// exposition collects metrics. A metric without samples is left out.
type exposition struct {
	b       strings.Builder
	pending string
}

func (e *exposition) metric(name, help string) {
	e.pending = "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n"
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func (e *exposition) sample(name, value string, labels ...string) {
	e.b.WriteString(e.pending + name)
	e.pending = ""
	for i := 0; i+1 < len(labels); i += 2 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		e.b.WriteString(sep + labels[i] + `="` + labelEscapes.Replace(labels[i+1]) + `"`)
	}
	if len(labels) > 0 {
		e.b.WriteString("}")
	}
	e.b.WriteString(" " + value + "\n")
}
