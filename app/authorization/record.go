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
	Hosts        []string // mail hosts that were part of the sign-in
	Endpoint     string   // the token endpoint of the sign-in; "" in records of older versions
	Issued       time.Time
	RefreshToken redact.Secret   // gets the tokens of all resources
	held                         // for the mail servers
	Others       map[string]held // for other resources, as mailbox.Definition.TokenFor names them
	Refused      *refusal        // why the last renewal failed for good
	Doubt        *refusal        // why the last renewal is not used; the tokens before it are
	Pending      *pending        // a renewal that is not, or not yet, verified
}

// held is the access token for one resource.
type held struct {
	AccessToken redact.Secret
	Granted     []string
	Renewed     time.Time
	Expires     time.Time
}

// token is what is held for a resource.
func (r record) token(resource string) held {
	if resource == "" {
		return r.held
	}
	return r.Others[resource]
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
	Hosts        []string       `json:"hosts"`
	Endpoint     string         `json:"token_endpoint,omitempty"`
	Issued       time.Time      `json:"issued"`
	RefreshToken string         `json:"refresh_token"`
	sealedHeld
	Others  map[string]sealedHeld `json:"resources,omitempty"`
	Refused *refusal              `json:"refused,omitempty"`
	Doubt   *refusal              `json:"doubt,omitempty"`
	Pending *sealedPending        `json:"pending,omitempty"`
}

type sealedHeld struct {
	AccessToken string    `json:"access_token"`
	Granted     []string  `json:"granted"`
	Renewed     time.Time `json:"renewed"`
	Expires     time.Time `json:"access_expires"`
}

func (h held) seal() sealedHeld {
	return sealedHeld{h.AccessToken.Reveal(), h.Granted, h.Renewed, h.Expires}
}

func (s sealedHeld) open() held {
	return held{redact.NewSecret(s.AccessToken), s.Granted, s.Renewed, s.Expires}
}

func (r record) encode() ([]byte, error) {
	s := sealedRecord{
		Version: 1, Account: r.Account, Identity: r.Identity, Hosts: r.Hosts, Endpoint: r.Endpoint,
		Issued: r.Issued, RefreshToken: r.RefreshToken.Reveal(), sealedHeld: r.held.seal(), Others: map[string]sealedHeld{},
		Refused: r.Refused, Doubt: r.Doubt, Pending: r.Pending.seal(),
	}
	for resource, h := range r.Others {
		s.Others[resource] = h.seal()
	}
	return json.Marshal(s)
}

func decodeRecord(data []byte) (record, error) {
	var s sealedRecord
	if err := json.Unmarshal(data, &s); err != nil {
		return record{}, err
	}
	r := record{
		Account: s.Account, Identity: s.Identity, Hosts: s.Hosts, Endpoint: s.Endpoint,
		Issued: s.Issued, RefreshToken: redact.NewSecret(s.RefreshToken), held: s.sealedHeld.open(), Others: map[string]held{},
		Refused: s.Refused, Doubt: s.Doubt, Pending: s.Pending.open(),
	}
	for resource, h := range s.Others {
		r.Others[resource] = h.open()
	}
	return r, nil
}

// application tells an application's grant from a user's: it has no subject and
// nothing to renew it with but the application's own secret.
func (r record) application() bool {
	return r.Account.Subject == "" && r.RefreshToken.Empty() && !r.AccessToken.Empty()
}

// take puts a grant for a resource into the record. Its refresh token replaces
// the old one only where there is one.
func (r *record) take(g oauth.Grant, resource string, now time.Time) {
	h := held{AccessToken: g.AccessToken, Granted: g.Granted, Renewed: now, Expires: g.Expires}
	if len(h.Granted) == 0 {
		h.Granted = r.token(resource).Granted
	}
	if resource == "" {
		r.held, r.Refused = h, nil
	} else {
		others := map[string]held{resource: h}
		for other, token := range r.Others {
			if other != resource {
				others[other] = token
			}
		}
		r.Others = others
	}
	r.Doubt, r.Pending = nil, nil
	if r.Endpoint == "" {
		r.Endpoint = g.Endpoint
	}
	if !g.RefreshToken.Empty() {
		r.RefreshToken = g.RefreshToken
	}
}
