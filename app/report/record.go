package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mailgrant/app/overview"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// record is one test as its JSON tells it, cleaned: what scripts may read is all
// that a report knows.
type record struct {
	mailtest.ReportJSON

	life    *overview.Row  // how its authorization stands; empty where that is not told
	setting setting        // who signs in where
	opened  string         // whose inbox, where it may be another than was meant
	next    string         // what comes after a test by which all works
	suits   *suitability   // nil: no product was checked
	raw     map[string]any // the whole
}

// tried are the experiments after a protocol's failure.
func (r record) tried(protocol mailtest.Protocol) []mailtest.ExperimentJSON {
	return slices.DeleteFunc(slices.Clone(r.Experiments), func(x mailtest.ExperimentJSON) bool { return x.Protocol != protocol })
}

// cleaned reads the JSON of a value back, cleaned: as it is, and into something.
func cleaned(value, into any, c *cleaner) (raw map[string]any, err error) {
	written, err := json.Marshal(value)
	if err == nil {
		err = json.Unmarshal(written, &raw)
	}
	if err == nil {
		c.value(raw)
		written, err = json.Marshal(raw)
	}
	if err == nil {
		err = json.Unmarshal(written, into)
	}
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return raw, nil
}

// heading names the mailbox with its address.
func (b book) heading(r record) string {
	if r.Address == "" || strings.Contains(r.Mailbox, r.Address) {
		return r.Mailbox
	}
	return b.text("heading", "mailbox", r.Mailbox, "address", r.Address)
}

// protocols lists those tested, in the usual order.
func (r record) protocols() []mailtest.Protocol {
	return slices.DeleteFunc(mailbox.Protocols(), func(p mailtest.Protocol) bool { _, tested := r.Protocols[p]; return !tested })
}

func (r record) state() mailtest.State {
	if r.OK {
		return mailtest.Passed
	}
	return mailtest.Failed
}

// stateOf sums a result up in one word.
func stateOf(r mailtest.ResultJSON) mailtest.State {
	worst := mailtest.Passed
	for _, s := range r.Steps {
		switch {
		case s.State == mailtest.Failed:
			return mailtest.Failed
		case s.State == mailtest.Skipped && s.Cause != "":
			worst = mailtest.Skipped
		case s.State == mailtest.Warned && worst == mailtest.Passed:
			worst = mailtest.Warned
		}
	}
	return worst
}

// fact is a fact of any step, as text; "" where there is none.
func fact(r mailtest.ResultJSON, name string) string {
	for _, s := range r.Steps {
		if v, ok := s.Facts[name]; ok {
			return show(v)
		}
	}
	return ""
}

// transcript is what was said, step by step.
func transcript(r mailtest.ResultJSON) []string {
	var lines []string
	for _, s := range r.Steps {
		said, _ := s.Facts[mailtest.FactTranscript].([]any)
		for _, line := range said {
			lines = append(lines, show(line))
		}
	}
	return lines
}

func show(v any) string {
	list, ok := v.([]any)
	if !ok {
		return fmt.Sprint(v)
	}
	words := make([]string, len(list))
	for i, e := range list {
		words[i] = fmt.Sprint(e)
	}
	return strings.Join(words, ", ")
}

// cleaner is the one gate through which every text of a report goes.
type cleaner struct {
	hide   bool
	hidden []string // the addresses met so far, in lower case
}

func (c *cleaner) value(v any) any {
	switch v := v.(type) {
	case string:
		return c.text(v)
	case []any:
		for i := range v {
			v[i] = c.value(v[i])
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) { // so that the numbers are the same each time
			v[name] = c.value(v[name])
		}
	}
	return v
}

// text masks what may be a secret and, if asked to, gives each address a
// number in its place: the same one wherever it stands.
func (c *cleaner) text(s string) string {
	s = redact.Text(s)
	if !c.hide {
		return s
	}
	return mailbox.AddressesIn().ReplaceAllStringFunc(s, func(found string) string {
		found = strings.ToLower(found)
		i := slices.Index(c.hidden, found)
		if i < 0 {
			i = len(c.hidden)
			c.hidden = append(c.hidden, found)
		}
		return fmt.Sprintf("address-%d", i+1)
	})
}
