package overview

import (
	"maps"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// RowJSON is a row in the command line's form: what is not known is null or
// left out.
type RowJSON struct {
	Mailbox    string                              `json:"mailbox"`
	Address    string                              `json:"address"`
	OK         *bool                               `json:"ok"`
	State      authorization.State                 `json:"state"`
	Ends       *string                             `json:"ends"`
	SecretEnds *string                             `json:"secret_ends"`
	Protocols  map[mailbox.Protocol]history.Result `json:"protocols"`
	Tested     *string                             `json:"tested"`
	Cause      diagnosis.Cause                     `json:"cause"`
	Finding    string                              `json:"finding"`
}

// JSON returns the row in that form.
func (r *Row) JSON() RowJSON {
	out := RowJSON{
		Mailbox: r.Name, Address: r.Address(), State: r.State, Ends: Stamp(r.Ends()), SecretEnds: Stamp(r.Secret.Ends),
		Protocols: maps.Collect(r.Protocols()), Tested: Stamp(r.Tested), Cause: r.Cause, Finding: r.Finding,
	}
	if ok := r.OK(); ok || r.Broken() || r.Fresh() {
		out.OK = &ok
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
