package report

import (
	"mailgrant/app/assistant"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// suitability is what the check of a server product found, as its JSON tells it.
type suitability struct {
	Product string           `json:"product"`
	Name    string           `json:"name"`
	State   oauth.CheckState `json:"state"`
	Verdict string           `json:"verdict"`
	Checks  []productCheck   `json:"checks"`
}

type productCheck struct {
	ID        string              `json:"id"`
	State     oauth.CheckState    `json:"state"`
	Proved    bool                `json:"proved"` // false: open, or wrong
	Text      string              `json:"text"`
	Diagnosis *diagnosis.Rendered `json:"diagnosis,omitempty"`
}

func suitabilityOf(product products.Card, checked []assistant.CheckResult, t *i18n.Texts) *suitability {
	s := &suitability{Product: product.ID, Name: product.Name}
	s.Verdict, s.State = assistant.Suitable(checked, product, t)
	for i, check := range checked {
		told := productCheck{ID: check.ID, State: check.State, Proved: check.Proved(), Text: check.Text, Diagnosis: check.Rendered}
		if assistant.Told(checked, i) {
			told.Diagnosis = nil
		}
		s.Checks = append(s.Checks, told)
	}
	return s
}

// checkStates are the states of checks as those of tests, which have marks.
var checkStates = map[oauth.CheckState]mailtest.State{
	oauth.CheckPassed: mailtest.Passed, oauth.CheckFailed: mailtest.Failed, oauth.CheckUnknown: mailtest.Skipped,
}

func (c productCheck) mark() mailtest.State {
	if c.State == oauth.CheckPassed && !c.Proved {
		return mailtest.Skipped
	}
	return checkStates[c.State]
}

// findings are what is wrong for the product, with its remedies.
func (s suitability) findings() (all []diagnosis.Rendered) {
	for _, c := range s.Checks {
		if c.Diagnosis != nil {
			all = append(all, *c.Diagnosis)
		}
	}
	return all
}
