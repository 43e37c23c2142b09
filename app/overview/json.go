package overview

import (
	"time"

	"mailgrant/internal/mailbox"
)

// JSON is a row in the command line's form: what is not known is null or left
// out.
func (r *Row) JSON() map[string]any {
	results := map[string]any{}
	for _, p := range mailbox.Protocols() {
		if res, ok := r.Results[p]; ok {
			results[string(p)] = map[string]any{"state": res.State, "duration_ms": res.MS, "cause": res.Cause}
		}
	}
	return map[string]any{
		"mailbox": r.Name, "address": r.Address(), "ok": r.OK(), "state": r.State, "ends": stamp(r.Ends), "secret_ends": stamp(r.Secret.Ends),
		"protocols": results, "tested": stamp(r.Tested), "cause": r.Cause, "finding": r.Finding,
	}
}

func stamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format(time.RFC3339)
}
