package monitor

import (
	"encoding/json"
	"time"

	"mailgrant/app/overview"
)

// encode writes JSON in one line. Every value is one that can be written.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // every test meets this
	}
	return append(data, '\n')
}

type (
	runJSON struct {
		Started    string      `json:"started"`
		DurationMS int64       `json:"duration_ms"`
		Level      string      `json:"level"`
		Mailboxes  []checkJSON `json:"mailboxes"`
	}
	checkJSON struct {
		overview.RowJSON
		Level             string `json:"level"`
		Problem           string `json:"problem"`
		DurationMS        int64  `json:"duration_ms"`
		AuthorizationDays *int   `json:"authorization_days,omitempty"`
		SecretDays        *int   `json:"secret_days,omitempty"`
	}
	// The values of a mailbox have the names of its protocols.
	zabbixJSON struct {
		Data      []found          `json:"data"`
		Error     string           `json:"error,omitempty"`
		Mailboxes []map[string]any `json:"mailboxes"`
		Counts    map[string]int   `json:"counts,omitempty"`
		Level     *int             `json:"level,omitempty"`
		Seconds   *float64         `json:"seconds,omitempty"`
		Time      *int64           `json:"time,omitempty"`
	}
	found struct {
		Mailbox string `json:"{#MAILBOX}"`
		Address string `json:"{#ADDRESS}"`
	}
)

// json is for scripts: what is known about each mailbox.
func (r *Run) json() []byte {
	out := runJSON{r.Started.UTC().Format(time.RFC3339), r.Took.Milliseconds(), r.Level().String(), []checkJSON{}}
	for _, c := range r.Checks {
		one := checkJSON{RowJSON: c.Row.JSON(), Level: c.Level.String(), Problem: c.Problem, DurationMS: c.Took.Milliseconds()}
		if days, ok := r.authorizationDays(c); ok {
			one.AuthorizationDays = &days
		}
		if days, ok := r.days(c.Secret.Ends); ok {
			one.SecretDays = &days
		}
		out.Mailboxes = append(out.Mailboxes, one)
	}
	return encode(out)
}

// zabbix is one JSON for a master item: "data" for low-level discovery, whose
// rows the dependent items' prototypes find again in "mailboxes" by JSONPath:
// $.mailboxes[?(@.name == "{#MAILBOX}")].level.first(). What is not known is
// left out: "Custom on fail: discard value" (Zabbix manual, "Low-level
// discovery", "Item value preprocessing").
func (r *Run) zabbix() []byte {
	out := zabbixJSON{Data: []found{}, Mailboxes: []map[string]any{}, Counts: map[string]int{}}
	for _, c := range r.Checks {
		out.Data = append(out.Data, found{c.Name, c.Address()})
		one := map[string]any{
			"name": c.Name, "level": int(c.Level), "text": oneLine(r.state(c)), "cause": string(c.Cause), "authorization_usable": number(c.Usable()),
		}
		r.zabbixValues(c, one)
		out.Mailboxes = append(out.Mailboxes, one)
	}
	for _, l := range Levels {
		out.Counts[l.String()] = r.count(l)
	}
	out.Level, out.Seconds, out.Time = new(int(r.Level())), new(float64(r.Took.Milliseconds())/1000), new(r.now().Unix())
	return encode(out)
}

func (r *Run) zabbixValues(c *Check, into map[string]any) {
	if days, ok := r.authorizationDays(c); ok {
		into["authorization_days"] = days
	}
	if days, ok := r.days(c.Secret.Ends); ok {
		into["secret_days"] = days
	}
	for p, res := range c.Protocols() {
		works := res.State.Works()
		into[string(p)+"_up"] = number(works)
		if works {
			into[string(p)+"_seconds"] = float64(res.MS) / 1000
		}
	}
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
