package presenter

import (
	"reflect"
	"time"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// tested is what a test found, together with what it tested: the form may say
// something else by now.
type tested struct {
	*mailtest.Report
	of mailbox.Definition
	at time.Time
}

// testNow begins the result of a test that starts now.
func (p *Presenter) testNow(d mailbox.Definition) *tested {
	now := p.c.Now()
	return &tested{mailtest.NewReport(d, now), d, now}
}

// upToDate tells whether the last test was of the values that stand in the
// form.
func (e *entry) upToDate() bool {
	d, _ := e.form.definition()
	return e.tested != nil && reflect.DeepEqual(essence(e.tested.of), essence(d))
}

// essence leaves out what a test has no use for: what the mailbox is called,
// and how one signs in at the browser.
func essence(d mailbox.Definition) mailbox.Definition {
	d = d.Clone()
	d.Name = ""
	if d.OAuth != nil {
		d.OAuth.SignIn, d.OAuth.Prompt, d.OAuth.Redirect = "", "", ""
	}
	return d
}
