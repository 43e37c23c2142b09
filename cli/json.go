package cli

import (
	"errors"

	"mailgrant/app/assistant"
	"mailgrant/app/authorization"
	"mailgrant/app/overview"
	"mailgrant/app/products"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/internal/store"
	"mailgrant/oauth"
)

// The shapes of what the commands write with --json. A time that is not known
// is null, a list is never.
type (
	accountJSON struct {
		User     string `json:"user"`
		Name     string `json:"name"`
		TenantID string `json:"tenant_id"`
	}
	signInJSON struct {
		Event        string  `json:"event"`
		URL          string  `json:"url"`
		AuthorizeURL string  `json:"authorize_url"`
		RedirectURI  string  `json:"redirect_uri"`
		Expires      *string `json:"expires"`
	}
	deviceCodeJSON struct {
		Event           string  `json:"event"`
		UserCode        string  `json:"user_code"`
		VerificationURI string  `json:"verification_uri"`
		Expires         *string `json:"expires"`
	}
	triedJSON struct {
		Event      string               `json:"event"`
		ID         diagnosis.Experiment `json:"id"`
		Result     string               `json:"result"`
		Decides    []diagnosis.Cause    `json:"decides"`
		DurationMS int64                `json:"duration_ms"`
	}
	resultJSON struct {
		Event     string         `json:"event"`
		OK        bool           `json:"ok"`
		Account   *accountJSON   `json:"account"`
		Identity  oauth.Identity `json:"identity"`
		Granted   []string       `json:"granted"`
		Missing   []string       `json:"missing"`
		Renewable bool           `json:"renewable"`
		Expires   *string        `json:"expires"`
	}
	consentJSON struct {
		Event    string   `json:"event"`
		OK       bool     `json:"ok"`
		TenantID string   `json:"tenant_id"`
		Granted  []string `json:"granted"`
	}
	failedJSON struct {
		Event     string             `json:"event"`
		OK        bool               `json:"ok"`
		Identity  string             `json:"identity,omitempty"`
		Expected  string             `json:"expected,omitempty"`
		Account   *accountJSON       `json:"account,omitempty"`
		Diagnosis diagnosis.Rendered `json:"diagnosis"`
	}
	statusJSON struct {
		Mailbox        string              `json:"mailbox"`
		State          authorization.State `json:"state"`
		Account        *accountJSON        `json:"account"`
		Granted        []string            `json:"granted"`
		Missing        []string            `json:"missing"`
		Issued         *string             `json:"issued"`
		Renewed        *string             `json:"renewed"`
		AccessExpires  *string             `json:"access_expires"`
		EndsIfUnusedBy *string             `json:"ends_if_unused_by"`
		Diagnosis      *diagnosis.Rendered `json:"diagnosis"`
	}
	assistantJSON struct {
		Mailbox   string                  `json:"mailbox"`
		Preflight []assistant.CheckResult `json:"preflight"`
		Items     []assistant.Item        `json:"items"`
		Finished  bool                    `json:"finished"` // Mailgrant has proved all that it can
	}
	productLine struct {
		ID    string        `json:"id"`
		Name  string        `json:"name"`
		Flow  products.Flow `json:"flow"`
		OAuth bool          `json:"oauth"`
	}
	productCheckJSON struct {
		Product  string                  `json:"product"`
		Mailbox  string                  `json:"mailbox"`
		OK       bool                    `json:"ok"`
		Findings []assistant.CheckResult `json:"findings"`
	}
)

func accountOf(a oauth.Account) *accountJSON {
	if a.User == "" {
		return nil
	}
	return &accountJSON{a.User, a.Name, a.TenantID}
}

// eventOf is an event of a sign-in; nil for those that only people are told.
func eventOf(e oauth.Event) any {
	switch e := e.(type) {
	case oauth.SignInStarted:
		return signInJSON{"sign_in", e.URL, e.AuthorizeURL, e.RedirectURI, overview.Stamp(e.Expires)}
	case oauth.DeviceCode:
		return deviceCodeJSON{"device_code", e.UserCode, e.VerificationURI, overview.Stamp(e.Expires)}
	case oauth.Tried:
		return triedJSON{"experiment", e.ID, e.Result, e.Decides, e.Took.Milliseconds()}
	}
	return nil
}

// failed is a request that failed; nil for wrong use, on which standard output
// stays empty.
func (p *program) failed(err error) *failedJSON {
	e := p.endingOf(err)
	switch {
	case e.status == exitUsage:
		return nil
	case e.diagnosis == nil: // nothing that a service said
		cause := diagnosis.CauseUnknown
		if errors.As(err, new(*store.WriteError)) || errors.As(err, new(*store.FolderError)) {
			cause = diagnosis.CauseStoreDamaged
		}
		diag := diagnosis.New(cause, "", nil)
		diag.ServerText = redact.Text(e.line)
		e.diagnosis = &diag
	}
	out := &failedJSON{Event: "result", Diagnosis: e.diagnosis.Render(p.texts)}
	if e.other != nil {
		out.Identity, out.Expected, out.Account = string(oauth.Other), e.other.Expected, accountOf(e.other.Account)
	}
	return out
}

func (p *program) statusOf(d mailbox.Definition, s authorization.Status) statusJSON {
	out := statusJSON{
		Mailbox: d.Name, State: s.State, Account: accountOf(s.Account), Granted: filled(s.Granted), Missing: filled(s.Missing),
		Issued: overview.Stamp(s.Issued), Renewed: overview.Stamp(s.Renewed), AccessExpires: overview.Stamp(s.AccessExpires),
		EndsIfUnusedBy: overview.Stamp(s.EndsIfUnusedBy),
	}
	if s.Diagnosis != nil {
		out.Diagnosis = new(s.Diagnosis.Render(p.texts))
	}
	return out
}

// filled is a list that is written as one, even where nothing is in it.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
