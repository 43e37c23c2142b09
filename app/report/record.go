package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mailgrant/app/assistant"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// content is all that scripts may read of one test.
type content struct {
	mailtest.ReportJSON
	Setting       setting        `json:"setting"`
	Authorization map[string]any `json:"authorization,omitempty"`
	Suits         *suitability   `json:"product,omitempty"` // nil: no product was checked
}

// record is one test as its JSON tells it, cleaned, and what has no text to be
// cleaned: how the test and the authorization stand.
type record struct {
	content
	raw    map[string]any // the same, to be written
	test   *mailtest.Report
	life   *overview.Row // empty where it is not told
	opened string        // whose inbox, where it may be another than was meant
	next   string        // what comes after a test by which all works
}

// record takes a test in; alone, with what is about a single mailbox.
func (o Options) record(test Subject, alone bool, t *i18n.Texts, c *cleaner) (r record, err error) {
	r.test, r.life = test.Report, cmp.Or(test.Life, &overview.Row{})
	all := content{ReportJSON: test.JSON(t), Setting: settingOf(r.life, test.Proxy)}
	if r.life.State != "" {
		all.Authorization = map[string]any{"state": r.life.State, "ends": overview.Stamp(r.life.Ends()), "secret_ends": overview.Stamp(r.life.Secret.Ends)}
	}
	var checked []assistant.CheckResult
	if alone && o.Checked != nil {
		checked = o.Checked(t)
	}
	if len(checked) > 0 && o.Product != nil {
		all.Suits = suitabilityOf(*o.Product, checked, t)
	}
	if r.raw, err = c.cleaned(all, &r.content); err != nil {
		return r, err
	}
	r.opened = c.text(assistant.Opened(test.Report, t))
	if alone {
		r.next = c.text(assistant.NextStep(test.Report, o.Product, checked, t))
	}
	return r, nil
}

// tried are the experiments after a protocol's failure.
func (r record) tried(protocol mailtest.Protocol) []mailtest.ExperimentJSON {
	return slices.DeleteFunc(slices.Clone(r.Experiments), func(x mailtest.ExperimentJSON) bool { return x.Protocol != protocol })
}

// cleaned reads the JSON of a value back, cleaned: as it is, and into something.
func (c *cleaner) cleaned(value, into any) (raw map[string]any, err error) {
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

func (r record) state() mailtest.State {
	if r.OK {
		return mailtest.Passed
	}
	return mailtest.Failed
}

// stateOf is how a protocol, or a round trip, is; "" where it was not tested.
func (r record) stateOf(p mailtest.Protocol) mailtest.State { return r.test.Result(p).State }

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
