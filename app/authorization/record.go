package authorization

import (
	"encoding/json"
	"log/slog"
	"maps"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// record is what one sealed file holds.
type record struct {
	Version      int             `json:"version"`
	Account      oauth.Account   `json:"account"`
	Identity     oauth.Identity  `json:"identity"`
	Hosts        []string        `json:"hosts"`                    // mail hosts that were part of the sign-in
	Endpoint     string          `json:"token_endpoint,omitempty"` // of the sign-in
	Public       bool            `json:"public_client,omitempty"`  // no client secret goes along: the service refuses it
	Issued       time.Time       `json:"issued"`
	RefreshToken sealed          `json:"refresh_token"` // gets the tokens of all resources
	held                         // for the mail servers
	Others       map[string]held `json:"resources,omitempty"` // for other resources, as mailbox.Definition.TokenFor names them
	Refused      *refusal        `json:"refused,omitempty"`   // why the last renewal failed for good
	Doubt        *refusal        `json:"doubt,omitempty"`     // why the last renewal gave nothing to use; the tokens before it are good
	Pending      *pending        `json:"pending,omitempty"`   // a renewal that is not, or not yet, verified
}

// held is the access token for one resource.
type held struct {
	AccessToken sealed    `json:"access_token"`
	Granted     []string  `json:"granted"`
	Renewed     time.Time `json:"renewed"`
	Expires     time.Time `json:"access_expires"`
}

func (r record) token(resource string) held {
	if resource == "" {
		return r.held
	}
	return r.Others[resource]
}

// sealed is a secret in what goes into a sealed file: of all secrets, its JSON
// alone is the secret itself.
type sealed struct{ redact.Secret }

// MarshalJSON implements json.Marshaler.
func (s sealed) MarshalJSON() ([]byte, error) { return json.Marshal(s.Reveal()) }

// UnmarshalJSON implements json.Unmarshaler.
func (s *sealed) UnmarshalJSON(data []byte) error {
	var text string
	err := json.Unmarshal(data, &text)
	s.Secret = redact.NewSecret(text)
	return err
}

// refusal keeps the parts of a diagnosis that can be stored and rendered in
// any language again.
type refusal struct {
	At        time.Time           `json:"at"`
	Diagnosis diagnosis.Diagnosis `json:"diagnosis"`
}

func (r record) encode() ([]byte, error) {
	r.Version = 1
	return json.Marshal(r)
}

// LogValue keeps a record out of logs, whose JSON would tell its secrets.
func (record) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func decodeRecord(data []byte) (r record, err error) {
	err = json.Unmarshal(data, &r)
	return r, err
}

// recordedHosts is never nil: nil means that nothing was recorded yet.
func (r record) recordedHosts() []string { return append([]string{}, r.Hosts...) }

// take puts a grant for a resource into the record. Its refresh token replaces
// the old one only where there is one.
func (r *record) take(g oauth.Grant, resource string, now time.Time) {
	h := held{AccessToken: sealed{g.AccessToken}, Granted: g.Granted, Renewed: now, Expires: g.Expires}
	if len(h.Granted) == 0 {
		h.Granted = r.token(resource).Granted
	}
	if resource == "" {
		r.held, r.Refused = h, nil
	} else {
		others := map[string]held{}
		maps.Copy(others, r.Others)
		others[resource] = h
		r.Others = others
	}
	r.Doubt, r.Pending = nil, nil
	if r.Endpoint == "" {
		r.Endpoint = g.Endpoint
	}
	if !g.RefreshToken.Empty() {
		r.RefreshToken = sealed{g.RefreshToken}
	}
}
