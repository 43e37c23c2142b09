package diagnosis

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"mailgrant/internal/redact"
)

// toldBefore are the diagnoses of Mailgrant that a text holds: in its JSON, or
// by the ids of their causes, as reports and monitoring systems have them.
func toldBefore(in Input) (ds []Diagnosis) {
	all := []Rendered{{Cause: Cause(strings.TrimSpace(in.Text)), Phase: in.Phase}}
	for objects := json.NewDecoder(strings.NewReader(in.Text)); ; {
		var told struct {
			Diagnosis Rendered
			Diagnoses []Rendered
		}
		if objects.Decode(&told) != nil {
			break
		}
		all = append(append(all, told.Diagnoses...), told.Diagnosis)
	}
	for _, said := range strings.Split(in.Text, "mailgrant explain ")[1:] {
		id := said[:len(said)-len(strings.TrimLeftFunc(said, func(r rune) bool { return r == '-' || unicode.IsLower(r) || unicode.IsDigit(r) }))]
		all = append(all, Rendered{Cause: Cause(id), Phase: in.Phase})
	}
	for _, r := range all {
		if entryOf(r.Cause).name != string(r.Cause) || r.Cause == CauseUnknown || slices.ContainsFunc(ds, func(d Diagnosis) bool { return d.Cause == r.Cause && d.Phase == r.Phase }) {
			continue
		}
		if !slices.Contains(phases, r.Phase) || !slices.Contains([]Certainty{Certain, Likely, Possible}, r.Certainty) {
			r.Phase, r.Certainty = in.Phase, "" // asked for by its id, or nothing that Mailgrant has written
		}
		d := New(r.Cause, r.Phase, nil).At(in.Provider)
		d.Certainty, d.ServerText = r.Certainty, redact.Text(r.ServerText)
		for _, c := range r.Causes {
			if c != r.Cause && entryOf(c).name == string(c) {
				d.Causes = append(d.Causes, c)
			}
		}
		ds = append(ds, d)
	}
	return ds
}
