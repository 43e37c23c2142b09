package authorization

import (
	"encoding/json"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// record is what one sealed file holds. Only seal and unseal see its secrets
// as text.
type record struct {
	Account      oauth.Account
	Identity     oauth.Identity
	Granted      []string
	Hosts        []string // mail hosts that were part of the sign-in
	Endpoint     string   // the token endpoint of the sign-in; "" in records of older versions
	Issued       time.Time
	Renewed      time.Time
	Expires      time.Time // of the access token
	AccessToken  redact.Secret
	RefreshToken redact.Secret
	Refused      *refusal // why the last renewal failed for good
	Doubt        *refusal // why the last renewal is not used; the tokens before it are
	Pending      *pending // a renewal that is not, or not yet, verified
}

// refusal keeps the parts of a diagnosis that can be stored and rendered in
// any language again.
type refusal struct {
	At        time.Time           `json:"at"`
	Diagnosis diagnosis.Diagnosis `json:"diagnosis"`
}

// sealedRecord is the sealed file's content.
type sealedRecord struct {
	Version      int            `json:"version"`
	Account      oauth.Account  `json:"account"`
	Identity     oauth.Identity `json:"identity"`
	Granted      []string       `json:"granted"`
	Hosts        []string       `json:"hosts"`
	Endpoint     string         `json:"token_endpoint,omitempty"`
	Issued       time.Time      `json:"issued"`
	Renewed      time.Time      `json:"renewed"`
	Expires      time.Time      `json:"access_expires"`
	AccessToken  string         `json:"access_token"`
	RefreshToken string         `json:"refresh_token"`
	Refused      *refusal       `json:"refused,omitempty"`
	Doubt        *refusal       `json:"doubt,omitempty"`
	Pending      *sealedPending `json:"pending,omitempty"`
}

func (r record) encode() ([]byte, error) {
	return json.Marshal(sealedRecord{
		Version: 1, Account: r.Account, Identity: r.Identity, Granted: r.Granted, Hosts: r.Hosts, Endpoint: r.Endpoint,
		Issued: r.Issued, Renewed: r.Renewed, Expires: r.Expires,
		AccessToken: r.AccessToken.Reveal(), RefreshToken: r.RefreshToken.Reveal(),
		Refused: r.Refused, Doubt: r.Doubt, Pending: r.Pending.seal(),
	})
}

func decodeRecord(data []byte) (record, error) {
	var s sealedRecord
	if err := json.Unmarshal(data, &s); err != nil {
		return record{}, err
	}
	return record{
		Account: s.Account, Identity: s.Identity, Granted: s.Granted, Hosts: s.Hosts, Endpoint: s.Endpoint,
		Issued: s.Issued, Renewed: s.Renewed, Expires: s.Expires,
		AccessToken: redact.NewSecret(s.AccessToken), RefreshToken: redact.NewSecret(s.RefreshToken),
		Refused: s.Refused, Doubt: s.Doubt, Pending: s.Pending.open(),
	}, nil
}

// application tells an application's grant from a user's: it has no subject and
// nothing to renew it with but the application's own secret.
func (r record) application() bool {
	return r.Account.Subject == "" && r.RefreshToken.Empty() && !r.AccessToken.Empty()
}

// take puts a grant into the record. The grant's refresh token replaces the
// old one only where there is one.
func (r *record) take(g oauth.Grant, now time.Time) {
	r.AccessToken, r.Expires, r.Renewed = g.AccessToken, g.Expires, now
	r.Refused, r.Doubt, r.Pending = nil, nil, nil
	if r.Endpoint == "" {
		r.Endpoint = g.Endpoint
	}
	if !g.RefreshToken.Empty() {
		r.RefreshToken = g.RefreshToken
	}
	if len(g.Granted) > 0 {
		r.Granted = g.Granted
	}
}
