package presenter

import (
	"reflect"
	"slices"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// tested is what a test found, together with what it tested: the form may say
// something else by now.
type tested struct {
	*mailtest.Report
	of     mailbox.Definition
	at     time.Time
	faults []string            // that were switched on in practice
	signed authorization.State // of the authorization that it was tested with
}

// testNow begins the result of a test that starts now.
func (p *Presenter) testNow(e *entry, d mailbox.Definition) *tested {
	now := p.c.Now()
	return &tested{mailtest.NewReport(d, now), d, now, p.faults(), e.status.State}
}

// faults are those that are switched on in practice.
func (p *Presenter) faults() []string {
	if p.c.Practice == nil {
		return nil
	}
	return p.c.Practice.Faults()
}

// upToDate tells whether the last test was of the values that stand in the
// form, and of the authorization and the practice tenant as they are now.
func (p *Presenter) upToDate(e *entry) bool {
	return e.tested != nil && e.untouched() && p.sameFaults(e) && (e.doing(watching) || e.tested.signed == e.status.State)
}

func (e *entry) untouched() bool {
	d, _ := e.form.definition()
	return reflect.DeepEqual(essence(e.tested.of), essence(d))
}

// sameFaults does not hold for long while the mailbox is watched: that tests
// again by itself.
func (p *Presenter) sameFaults(e *entry) bool {
	return e.doing(watching) || slices.Equal(e.tested.faults, p.faults())
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
