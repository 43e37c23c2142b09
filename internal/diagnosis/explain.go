package diagnosis

import (
	"errors"
	"maps"

	"mailgrant/internal/i18n"
)

// New is a diagnosis of a cause we know ourselves.
func New(cause Cause, phase Phase, args i18n.Args) Diagnosis {
	d := Diagnosis{Cause: cause, Causes: []Cause{cause}, Phase: phase, Args: safe(args), Links: linksOf(cause), Retry: retryOf(cause)}
	d.Command = commandOf(cause, phase, Evidence{User: args["user"], Sender: args["mailbox"], ClientID: args["client"]})
	return d
}

// Explain names the cause of one failure. A diagnosis inside in.Err is
// returned as it is: it was made where more was known.
func Explain(in Input) Diagnosis {
	var known Diagnosis
	if errors.As(in.Err, &known) {
		return known
	}
	if in.Text == "" && in.Err != nil {
		in.Text = wordsOf(in.Err)
	}
	if causes, args := typed(in); len(causes) > 0 {
		d := in.diagnosis(causes)
		maps.Copy(d.Args, safe(args))
		d.ServerText = show(in.Text, 0, len(in.Text))
		return d
	}
	return explain(in)[0]
}

// ExplainText explains everything a text holds: a log, a page, an address
// from a browser's address bar. The most important diagnosis comes first;
// there is always at least one.
func ExplainText(text string, phase Phase, provider Provider) []Diagnosis {
	return Consolidate(explain(Input{Phase: phase, Provider: provider, Text: text}))
}

// explain reads a text and returns a diagnosis for each thing it says.
func explain(in Input) []Diagnosis {
	in.Text = trim(in.Text)
	t := rules()
	h := look(t, in.Text)
	f := gather(in, t, h)
	var out []Diagnosis
	for _, found := range weigh(in.Text, match(t, h, f)) {
		if covered(out, found) {
			continue
		}
		out = append(out, f.diagnosis(found, h))
		if len(out) == maxDiagnoses {
			break
		}
	}
	if len(out) == 0 {
		d := f.in.diagnosis(is(CauseUnknown))
		d.Phase = f.phase
		d.ServerText = show(in.Text, 0, len(in.Text))
		d.Codes = codesIn(in.Text, h, 0, min(len(in.Text), nearby*4))
		out = append(out, d)
	}
	return out
}

// maxDiagnoses is how many a reader can take in, maxCauses how many causes
// of one are worth naming.
const (
	maxDiagnoses = 10
	maxCauses    = 5
)

// covered tells whether a finding adds nothing to what is out already.
func covered(out []Diagnosis, found finding) bool {
	for _, d := range out {
		if d.Cause == found.causes[0] {
			return true
		}
		if found.level > hint {
			continue
		}
		for _, c := range found.causes {
			for _, have := range d.Causes {
				if c == have {
					return true
				}
			}
		}
	}
	return false
}

// diagnosis builds one from the causes and what the caller knows.
func (in Input) diagnosis(causes []Cause) Diagnosis {
	d := New(causes[0], in.Phase, nil)
	d.Causes = append([]Cause(nil), causes[:min(len(causes), maxCauses)]...)
	d.Step = in.Step
	d.Args = argsOf(in)
	d.Command = commandOf(d.Cause, in.Phase, in.Evidence)
	return d
}

// diagnosis builds one from a finding and the text around it.
func (f *facts) diagnosis(found finding, h *hits) Diagnosis {
	in := f.in
	in.Phase = f.phase
	d := in.diagnosis(found.causes)
	d.Phase = f.phase
	from, to := found.places[0].from, found.places[0].to
	low, high := record(in.Text, from, to)
	d.ServerText = show(in.Text, from, to)
	d.Codes = codesIn(in.Text, h, low, high)
	d.CorrelationID = idAfter(in.Text, low, min(len(in.Text), high+600), "correlation id", "correlation_id", "correlationid", "correlation+id", "correlation%20id", "korrelations-id")
	d.TraceID = idAfter(in.Text, low, min(len(in.Text), high+600), "trace id", "trace_id", "traceid", "trace+id", "trace%20id", "request id", "anforderungs-id")
	d.Links = append(linksOf(d.Cause), entraLinks(d)...)
	return d
}
