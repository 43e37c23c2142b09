package monitor

import (
	"encoding/json"
	"time"

	"mailgrant/internal/i18n"
)

// encode writes JSON in one line. Every value is one that can be written.
func encode(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // every test meets this
	}
	return append(data, '\n')
}

// json is for scripts: what is known about each mailbox.
func (r *Run) json() []byte {
	all := make([]any, len(r.Checks))
	for i, c := range r.Checks {
		one := c.Row.JSON()
		one["level"], one["problem"], one["duration_ms"] = c.Level.String(), c.Problem, c.Took.Milliseconds()
		if days, ok := r.authorizationDays(c); ok {
			one["authorization_days"] = days
		}
		if days, ok := r.days(c.Secret.Ends); ok {
			one["secret_days"] = days
		}
		all[i] = one
	}
	return encode(map[string]any{
		"started": r.Started.UTC().Format(time.RFC3339), "duration_ms": r.Took.Milliseconds(), "level": r.Level().String(), "mailboxes": all,
	})
}

// zabbix is one JSON for a master item: "data" for low-level discovery, whose
// rows the dependent items' prototypes find again in "mailboxes" by JSONPath:
// $.mailboxes[?(@.name == "{#MAILBOX}")].level.first(). What is not known is
// left out: "Custom on fail: discard value" (Zabbix manual, "Low-level
// discovery", "Item value preprocessing").
func (r *Run) zabbix() []byte {
	data, all := make([]any, len(r.Checks)), make([]any, len(r.Checks))
	for i, c := range r.Checks {
		data[i] = map[string]any{"{#MAILBOX}": c.Name, "{#ADDRESS}": c.Address()}
		one := map[string]any{
			"name": c.Name, "level": int(c.Level), "text": oneLine(r.state(c)), "cause": string(c.Cause), "authorization_usable": number(c.Usable()),
		}
		r.zabbixValues(c, one)
		all[i] = one
	}
	counts := map[string]int{}
	for _, l := range Levels {
		counts[l.String()] = r.count(l)
	}
	return encode(map[string]any{
		"data": data, "mailboxes": all, "counts": counts, "level": int(r.Level()), "seconds": float64(r.Took.Milliseconds()) / 1000, "time": r.now().Unix(),
	})
}

func (r *Run) zabbixValues(c *Check, into map[string]any) {
	if days, ok := r.authorizationDays(c); ok {
		into["authorization_days"] = days
	}
	if days, ok := r.days(c.Secret.Ends); ok {
		into["secret_days"] = days
	}
	one := Run{Checks: []*Check{c}}
	one.protocols(func(_ *Check, protocol string, works bool, ms int64) {
		into[protocol+"_up"] = number(works)
		if works {
			into[protocol+"_seconds"] = float64(ms) / 1000
		}
	})
}

func number(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func zabbixFailed(_ *i18n.Texts, reason string) []byte {
	return encode(map[string]any{"data": []any{}, "mailboxes": []any{}, "error": reason})
}
