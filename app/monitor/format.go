package monitor

import (
	"fmt"
	"strconv"
	"strings"
)

// Format is what a run is written for.
type Format string

const (
	Text       Format = "text" // for people
	Nagios     Format = "nagios"
	Checkmk    Format = "checkmk"
	Prometheus Format = "prometheus"
	PRTG       Format = "prtg"
	Zabbix     Format = "zabbix"
	JSON       Format = "json"
)

// Formats lists all of them.
var Formats = []Format{Text, Nagios, Checkmk, Prometheus, PRTG, Zabbix, JSON}

// writer is how a format says what was found, and that nothing could be.
type writer struct {
	run    func(*Run) []byte
	failed func(reason string) []byte // nil: standard error alone
	status func(Level) int            // nil: the command line's own
}

// always is the exit status of those systems that read the output alone: any
// other would be a failure of the program to them.
func always(Level) int { return 0 }

var writers = map[Format]writer{
	Text:       {run: (*Run).text},
	Nagios:     {(*Run).nagios, func(reason string) []byte { return []byte(nagiosLine(Unknown, reason, nil)) }, func(l Level) int { return int(l) }},
	Checkmk:    {(*Run).checkmk, func(reason string) []byte { return []byte(checkmkLine(Unknown, "Mailgrant", nil, reason)) }, always},
	Prometheus: {run: (*Run).prometheus, status: always},
	PRTG:       {(*Run).prtg, func(reason string) []byte { return encode(prtgJSON{prtgBody{Error: 1, Text: prtgText(reason)}}) }, always},
	Zabbix: {(*Run).zabbix, func(reason string) []byte {
		return encode(zabbixJSON{Data: []found{}, Mailboxes: []map[string]any{}, Error: reason})
	}, always},
	JSON: {run: (*Run).json},
}

// Write writes a run.
func (f Format) Write(r *Run) []byte { return writers[f].run(r) }

// Status is the exit status that the system expects at a level; ok is false
// where it is the command line's own.
func (f Format) Status(l Level) (status int, ok bool) {
	if s := writers[f].status; s != nil {
		return s(l), true
	}
	return 0, false
}

// Failed says that there was no run, and the exit status for it; ok is false
// where standard error and the command line's own status say it.
func (f Format) Failed(reason string) (out []byte, status int, ok bool) {
	w := writers[f]
	if w.failed == nil {
		return nil, 0, false
	}
	return w.failed(oneLine(reason)), w.status(Unknown), true
}

func itoa(n int) string { return strconv.Itoa(n) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func seconds(ms int64) string { return strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64) }

// text is for people: a line for each mailbox that is not in order, and the
// sum. Of one mailbox it is one line.
func (r *Run) text() []byte {
	var b strings.Builder
	if !r.All {
		for _, c := range r.Checks {
			fmt.Fprintf(&b, "%s: %s: %s\n", r.Texts.Text("monitor.level."+c.Level.String()), c.Name, oneLine(r.state(c)))
		}
		return []byte(b.String())
	}
	for _, c := range r.bad() {
		fmt.Fprintf(&b, "%s: %s: %s\n", r.Texts.Text("monitor.level."+c.Level.String()), c.Name, oneLine(c.Problem))
	}
	fmt.Fprintln(&b, r.summary())
	return []byte(b.String())
}
