package monitor

import (
	"fmt"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// mostNagios is less than the 8 KB of which Nagios reads no more
// (MAX_PLUGIN_OUTPUT_LENGTH; Monitoring Plugins Development Guidelines,
// "Plugin Output for Nagios").
const mostNagios = 7 << 10

// nagios writes a status line with performance data and, of several mailboxes,
// a line for each that is not in order. Icinga, Naemon and Centreon read it too.
func (r *Run) nagios() []byte {
	if !r.All && len(r.Checks) == 1 {
		c := r.Checks[0]
		return []byte(nagiosLine(c.Level, c.Name+": "+r.state(c), r.performance(c)))
	}
	text := nagiosLine(r.Level(), r.summary(), r.performanceOfAll())
	bad := r.bad()
	for i, c := range bad {
		line := plain(strings.ToUpper(c.Level.String())+": "+c.Name+": "+c.Problem) + "\n"
		if len(text)+len(line) > mostNagios {
			text += plain(r.Texts.Text("monitor.more", i18n.Args{"count": itoa(len(bad) - i)})) + "\n"
			break
		}
		text += line
	}
	return []byte(text)
}

func nagiosLine(l Level, text string, performance []string) string {
	line := "MAILGRANT " + strings.ToUpper(l.String()) + " - " + plain(text)
	if len(performance) > 0 {
		line += " | " + strings.Join(performance, " ")
	}
	return line + "\n"
}

// plain is a text without the sign that begins performance data.
func plain(text string) string { return strings.ReplaceAll(oneLine(text), "|", "/") }

// performance is label=value;warn;crit;min of one mailbox. "14:" alerts below
// 14. U: not determined.
func (r *Run) performance(c *Check) []string {
	var all []string
	for _, p := range mailbox.Protocols() {
		if c.Definition.Server(p) == nil {
			continue
		}
		value := "U"
		if res, ok := c.Results[p]; ok && res.State.Works() {
			value = seconds(res.MS) + "s;;;0"
		}
		all = append(all, string(p)+"="+value)
	}
	if days, ok := r.authorizationDays(c); ok {
		all = append(all, r.daysLeft("authorization_days", days))
	}
	if days, ok := r.days(c.Secret.Ends); ok {
		all = append(all, r.daysLeft(c.SecretKind()+"_days", days))
	}
	return all
}

func (r *Run) daysLeft(label string, days int) string {
	return fmt.Sprintf("%s=%d;%d:;%d:;0", label, days, r.Limits.Warning, r.Limits.Critical)
}

// performanceOfAll has as many values for five hundred mailboxes as for two.
func (r *Run) performanceOfAll() []string {
	all := []string{fmt.Sprintf("mailboxes=%d;;;0", len(r.Checks))}
	for _, l := range Levels {
		all = append(all, fmt.Sprintf("%s=%d;;;0;%d", l, r.count(l), len(r.Checks)))
	}
	if days, ok := r.earliest(); ok {
		all = append(all, r.daysLeft("earliest_end_days", days))
	}
	return append(all, "time="+seconds(r.Took.Milliseconds())+"s;;;0")
}

// earliest is the end that comes first of all.
func (r *Run) earliest() (days int, ok bool) {
	note := func(d int, known bool) {
		if known && (!ok || d < days) {
			days, ok = d, true
		}
	}
	for _, c := range r.Checks {
		note(r.authorizationDays(c))
		note(r.days(c.Secret.Ends))
	}
	return days, ok
}
