package overview

import (
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// RowJSON is a row in the command line's form: what is not known is null or
// left out.
type RowJSON struct {
	Mailbox    string                          `json:"mailbox"`
	Address    string                          `json:"address"`
	OK         *bool                           `json:"ok"`
	State      authorization.State             `json:"state"`
	Ends       *string                         `json:"ends"`
	SecretEnds *string                         `json:"secret_ends"`
	Protocols  map[mailbox.Protocol]ResultJSON `json:"protocols"`
	Tested     *string                         `json:"tested"`
	Cause      diagnosis.Cause                 `json:"cause"`
	Finding    string                          `json:"finding"`
}

// ResultJSON is what the last test of a protocol found.
type ResultJSON struct {
	State      mailtest.State  `json:"state"`
	DurationMS int64           `json:"duration_ms"`
	Cause      diagnosis.Cause `json:"cause"`
}

// JSON returns the row in that form.
func (r *Row) JSON() RowJSON {
	out := RowJSON{
		Mailbox: r.Name, Address: r.Address(), State: r.State, Ends: Stamp(r.Ends()), SecretEnds: Stamp(r.Secret.Ends),
		Protocols: map[mailbox.Protocol]ResultJSON{}, Tested: Stamp(r.Tested), Cause: r.Cause, Finding: r.Finding,
	}
	if ok := r.OK(); ok || r.Broken() {
		out.OK = &ok
	}
	for p, res := range r.Protocols() {
		out.Protocols[p] = ResultJSON{res.State, res.MS, res.Cause}
	}
	return out
}

// Stamp is a time in RFC 3339 and UTC, as scripts get it; nil where there is
// none.
func Stamp(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.RFC3339))
}
