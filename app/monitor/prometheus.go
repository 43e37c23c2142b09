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
	type adder = func(value string, labels ...string)
	each := func(name, help string, samples func(*Check, adder)) {
		p.metric(name, help)
		for _, c := range r.Checks {
			samples(c, func(value string, labels ...string) {
				p.sample(name, value, append([]string{"mailbox", c.Name}, labels...)...)
			})
		}
	}
	at := func(t time.Time, add adder, labels ...string) {
		if !t.IsZero() {
			add(strconv.FormatInt(t.Unix(), 10), labels...)
		}
	}
	each("mailgrant_mailbox_level", "How the mailbox is doing: 0 ok, 1 warning, 2 critical, 3 unknown.", func(c *Check, add adder) { add(itoa(int(c.Level))) })
	each("mailgrant_authorization_usable", "Whether there is something to sign in with.", func(c *Check, add adder) { add(itoa(number(c.Usable()))) })
	each("mailgrant_authorization_end_timestamp_seconds", "When the authorization ends if nobody uses it; over where there is none to sign in with.", func(c *Check, add adder) { at(r.authorizationEnd(c), add) })
	each("mailgrant_last_test_timestamp_seconds", "When the mailbox was tested last.", func(c *Check, add adder) { at(c.Tested, add) })
	each("mailgrant_credential_end_timestamp_seconds", "When the client secret or the certificate ends.", func(c *Check, add adder) { at(c.Secret.Ends, add, "kind", c.SecretKind()) })
	each("mailgrant_protocol_up", "Whether the protocol works.", func(c *Check, add adder) {
		for protocol, res := range c.Protocols() {
			add(itoa(number(res.State.Works())), "protocol", string(protocol))
		}
	})
	each("mailgrant_protocol_duration_seconds", "How long the test by the protocol took.", func(c *Check, add adder) {
		for protocol, res := range c.Protocols() {
			if res.State.Works() {
				add(seconds(res.MS), "protocol", string(protocol))
			}
		}
	})
	each("mailgrant_problem_info", "What is wrong; mailgrant explain says more about a cause.", func(c *Check, add adder) {
		if c.Cause != "" {
			add("1", "cause", string(c.Cause))
		}
	})
	p.metric("mailgrant_run_timestamp_seconds", "When the last run ended.")
	p.sample("mailgrant_run_timestamp_seconds", strconv.FormatInt(r.now().Unix(), 10))
	p.metric("mailgrant_run_duration_seconds", "How long the last run took.")
	p.sample("mailgrant_run_duration_seconds", seconds(r.Took.Milliseconds()))
	return []byte(p.b.String())
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
