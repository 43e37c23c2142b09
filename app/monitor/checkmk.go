package monitor

import (
	"fmt"
	"strings"
)

// checkmk writes the output of a local check: a service for each mailbox
// (docs.checkmk.com, "Local checks", 2.3). The status is decided here, so the
// metrics carry no levels of their own.
func (r *Run) checkmk() []byte {
	var b strings.Builder
	for _, c := range r.Checks {
		var metrics []string
		for p, res := range c.Protocols() {
			if res.State.Works() {
				metrics = append(metrics, string(p)+"_time="+seconds(res.MS))
			}
		}
		if days, ok := r.authorizationDays(c); ok {
			metrics = append(metrics, "authorization_days="+itoa(days))
		}
		if days, ok := r.days(c.Secret.Ends); ok {
			metrics = append(metrics, c.SecretKind()+"_days="+itoa(days))
		}
		b.WriteString(checkmkLine(c.Level, "Mailgrant "+c.Name, metrics, r.state(c)))
	}
	return []byte(b.String())
}

func checkmkLine(l Level, service string, metrics []string, text string) string {
	values := "-"
	if len(metrics) > 0 {
		values = strings.Join(metrics, "|")
	}
	return fmt.Sprintf("%d \"%s\" %s %s\n", l, strings.ReplaceAll(oneLine(service), `"`, "'"), values, plain(text))
}
