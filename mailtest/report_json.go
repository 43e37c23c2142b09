package mailtest

import (
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// The shape of "test --json".
type (
	// ReportJSON is all of it.
	ReportJSON struct {
		Mailbox    string                  `json:"mailbox"`
		Address    string                  `json:"address"` // whose mailbox
		OK         bool                    `json:"ok"`
		Started    string                  `json:"started"`
		DurationMS int64                   `json:"duration_ms"`
		Protocols  map[Protocol]ResultJSON `json:"protocols"`
		RoundTrip  *ResultJSON             `json:"round_trip,omitempty"`
		Diagnoses  []diagnosis.Rendered    `json:"diagnoses"`

		Experiments []ExperimentJSON `json:"experiments,omitempty"`
	}
	// ExperimentJSON is what was tried after a failure.
	ExperimentJSON struct {
		ID         diagnosis.Experiment `json:"id"`
		Protocol   Protocol             `json:"protocol"`
		Result     string               `json:"result"`
		Text       string               `json:"text"`
		Decides    []diagnosis.Cause    `json:"decides"`
		Change     *mailbox.Server      `json:"change,omitempty"`
		DurationMS int64                `json:"duration_ms"`
		Facts      map[string]any       `json:"facts,omitempty"`
	}
	// ResultJSON is what was found by one protocol, or by a round trip.
	ResultJSON struct {
		OK              bool       `json:"ok"`
		*mailbox.Server            // none of a round trip
		DurationMS      int64      `json:"duration_ms"`
		Steps           []StepJSON `json:"steps"`
	}
	// StepJSON is one step of it.
	StepJSON struct {
		Step       Step            `json:"step"`
		State      State           `json:"state"`
		DurationMS int64           `json:"duration_ms"`
		Facts      map[string]any  `json:"facts"`
		Cause      diagnosis.Cause `json:"cause,omitempty"`
		Text       string          `json:"text,omitempty"` // of a round trip
	}
)

// JSON returns the report in the shape of "test --json", to be marshalled.
func (r *Report) JSON(t *i18n.Texts) ReportJSON {
	out := ReportJSON{
		Mailbox: r.Mailbox, Address: r.Address, OK: r.OK(), Started: r.Started.UTC().Format(time.RFC3339),
		DurationMS: r.Duration().Milliseconds(),
		Protocols:  map[Protocol]ResultJSON{}, Diagnoses: []diagnosis.Rendered{},
	}
	for _, p := range r.Tested() {
		res := r.Result(p)
		out.Protocols[p] = res.json(&res.Server)
	}
	if res := r.Result(RoundTripTest); len(res.Steps) > 0 {
		trip := res.json(nil)
		for i, e := range res.Steps {
			trip.Steps[i].Text = e.Sentence(t)
		}
		out.RoundTrip = &trip
	}
	for _, d := range r.Diagnoses() {
		out.Diagnoses = append(out.Diagnoses, d.Render(t))
	}
	for _, e := range r.Experiments() {
		x := e.Experiment
		out.Experiments = append(out.Experiments, ExperimentJSON{
			ID: x.ID, Protocol: e.Protocol, Result: x.Result, Text: x.Words(t, e.Protocol, r.Result(e.Protocol).Server), Decides: x.Decides,
			Change: x.Change, DurationMS: e.Duration.Milliseconds(), Facts: e.Facts,
		})
	}
	return out
}

// FailedBy names the protocols that failed with a cause.
func (r ReportJSON) FailedBy(cause diagnosis.Cause) string {
	var names []string
	for _, p := range mailbox.Protocols() {
		if slices.ContainsFunc(r.Protocols[p].Steps, func(s StepJSON) bool { return s.Cause == cause }) {
			names = append(names, p.Title())
		}
	}
	return strings.Join(names, ", ")
}

func (r Result) json(server *mailbox.Server) ResultJSON {
	out := ResultJSON{OK: r.OK(), Server: server, DurationMS: r.Duration.Milliseconds(), Steps: []StepJSON{}}
	for _, e := range r.Steps {
		out.Steps = append(out.Steps, e.json())
	}
	return out
}

func (e Event) json() StepJSON {
	step := StepJSON{Step: e.Step, State: e.State, DurationMS: e.Duration.Milliseconds(), Facts: e.Facts}
	if step.Facts == nil {
		step.Facts = map[string]any{}
	}
	if e.Diagnosis != nil {
		step.Cause = e.Diagnosis.Cause
	}
	return step
}

// JSON returns what is known after an attempt in the shape of a line of "test
// --watch --json": a report, the attempt, and when the next one begins or how
// the watch ended.
func (w Watched) JSON(t *i18n.Texts) any {
	next := ""
	if !w.Next.IsZero() {
		next = w.Next.UTC().Format(time.RFC3339)
	}
	return struct {
		ReportJSON
		Attempt int        `json:"attempt"`
		State   WatchState `json:"watch"`
		Next    string     `json:"next,omitempty"`
	}{w.Report.JSON(t), w.Attempt, w.State, next}
}
