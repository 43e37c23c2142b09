package diagnosis

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
)

// New is a diagnosis of a cause we know ourselves.
func New(cause Cause, phase Phase, args i18n.Args) Diagnosis {
	e := entryOf(cause)
	d := Diagnosis{Cause: cause, Causes: []Cause{cause}, Certainty: Certain, Phase: phase, Args: safe(args), Retry: e.retry}
	for _, name := range e.links {
		d.Links = append(d.Links, theBook().urls[name])
	}
	return d.At("")
}

// At is a diagnosis of ours about the servers of a provider.
func (d Diagnosis) At(p Provider) Diagnosis {
	f := &facts{provider: p, phase: d.Phase, in: Input{Evidence: Evidence{User: d.Args["user"], Sender: d.Args["mailbox"], ClientID: d.Args["client"]}}}
	d.provider, d.Links, d.Command = p, slices.DeleteFunc(slices.Clone(d.Links), f.foreign), entryOf(d.Cause).commandFor(f)
	return d
}

// Explain names the cause of one failure. A diagnosis inside in.Err is
// returned as it is: it was made where more was known.
func Explain(in Input) Diagnosis {
	if known, ok := errors.AsType[Diagnosis](in.Err); ok {
		return known
	}
	if in.Text == "" && in.Err != nil {
		in.Text = wordsOf(in.Err)
	}
	if sign, f, args := typed(in); sign != "" {
		if e := theBook().named[sign]; e != nil {
			d := f.diagnosis(f.judge(e, proves))
			maps.Copy(d.Args, safe(args))
			d.ServerText = records{src: in.Text}.show(0, len(in.Text))
			d.proof.words = quotable(d.ServerText, d.ServerText)
			return d
		}
	}
	in.Text = trim(in.Text)
	return explain(in, false)[0]
}

// ExplainText explains everything a text holds: a log, a page, an address
// from a browser's address bar. The most important diagnosis comes first;
// there is always at least one. What Mailgrant itself has told is told again.
func ExplainText(text string, phase Phase, provider Provider) []Diagnosis {
	return ExplainAll(Input{Phase: phase, Provider: provider, Text: text})
}

// ExplainAll is ExplainText with what else is known. Where parts of a text speak of
// failures, each is explained; where one alone does, it may know better of which
// protocol.
func ExplainAll(in Input) []Diagnosis {
	in.Text = trim(in.Text)
	if again := toldBefore(in); len(again) > 0 {
		return again
	}
	whole := explainPart(in)
	if in.Phase != "" {
		return whole
	}
	parts := partsOf(in)
	if len(parts) < 2 {
		return whole
	}
	var told []Diagnosis
	failing := 0
	for _, part := range parts {
		part.Usual.Provider = whole[0].provider
		if ds := explainPart(part); !ds[0].Vague() {
			told = append(told, ds...)
			failing++
		}
	}
	if failing == 0 || failing == 1 && told[0].Cause != whole[0].Cause {
		return whole
	}
	all := told
	for _, d := range whole {
		if d.Certainty == Certain { // by words of several parts, it may be
			all = append(all, d)
		}
	}
	kept := Consolidate(all)
	for _, t := range told { // one that stands for others shows their words too
		i := slices.IndexFunc(kept, func(k Diagnosis) bool { return k.Cause == RootOf(t, kept).Cause })
		if i >= 0 && !strings.Contains(kept[i].ServerText, t.ServerText) {
			kept[i].ServerText = redact.Text(kept[i].ServerText + "\n" + t.ServerText)
		}
	}
	return kept
}

// explainPart explains what is of one piece. Of a first cause that is not certain
// the others are put in order by what was learned.
func explainPart(in Input) []Diagnosis {
	ds := Consolidate(explain(in, true))
	if d := &ds[0]; d.chances != nil {
		d.Causes = named(d.chances().rank(entriesOf(d.Causes)))
	}
	for i := range ds {
		ds[i].chances = nil // which holds the whole text
	}
	return ds
}

// explain reads a text and returns a diagnosis for each thing it says. Of a
// text alone, vague words are put in order by what was learned; a test knows
// more than words.
func explain(in Input, alone bool) []Diagnosis {
	b := theBook()
	b.mu.Lock()
	defer b.mu.Unlock()
	h := look(b, in.Text)
	f := gather(in, h)
	var out []Diagnosis
	for _, found := range weigh(h.records, match(h, f)) {
		if covered(out, found) {
			continue
		}
		teachable := alone && found.open.certainty != Certain && found.strength < proves
		if teachable && found.strength <= mentions {
			found.open.causes = f.taughtBy(h.line(found.places[0])).overrule(found.open.causes)
		}
		d := f.told(found, h)
		if teachable {
			d.chances = func() chances { return f.taughtBy(h.near(found.places[0])) }
		}
		out = append(out, d)
		if len(out) == maxDiagnoses {
			break
		}
	}
	if len(out) == 0 {
		causes := []*entry{entryOf(CauseUnknown)}
		if few := f.suspicious(h.records); alone && few > 0 {
			causes = f.taughtBy(in.Text).suspect(few, causes)
		}
		d := f.diagnosis(open(causes, Possible))
		d.ServerText, d.vague = h.show(0, len(in.Text)), true
		d.Codes = h.codesIn(0, min(len(in.Text), nearby*4))
		d.Links = append(d.Links, entraLinks(d)...)
		out = append(out, d)
	}
	return out
}

// maxDiagnoses is how many a reader can take in, maxCauses how many causes of
// one are worth naming.
const (
	maxDiagnoses = 10
	maxCauses    = 5
)

// covered tells whether a finding adds nothing to what is out already.
func covered(out []Diagnosis, found finding) bool {
	return slices.ContainsFunc(out, func(d Diagnosis) bool {
		return d.Cause == Cause(found.open.causes[0].name) || found.strength <= hints && slices.ContainsFunc(found.open.causes, func(e *entry) bool { return slices.Contains(d.Causes, Cause(e.name)) })
	})
}

// diagnosis builds one from what is open and what the caller knows.
func (f *facts) diagnosis(open verdict) Diagnosis {
	e := open.causes[0]
	d := New(Cause(e.name), f.phase, nil)
	d.Certainty, d.provider = open.certainty, f.provider
	d.Links = slices.DeleteFunc(d.Links, f.foreign)
	d.Causes = named(open.causes[:min(len(open.causes), maxCauses)])
	d.Step, d.Args = f.in.Step, f.args()
	d.Command, d.proof = e.commandFor(f), f.proofOf(open)
	return d
}

// foreign tells that a page is not about the provider at hand.
func (f *facts) foreign(page string) bool { return !theBook().pages[page].holds(f) }

// named are the causes of entries.
func named(entries []*entry) (causes []Cause) {
	for _, e := range entries {
		causes = append(causes, Cause(e.name))
	}
	return causes
}

// entriesOf are the entries of causes.
func entriesOf(causes []Cause) (entries []*entry) {
	for _, c := range causes {
		entries = append(entries, entryOf(c))
	}
	return entries
}

// told builds one from a finding and the text around it.
func (f *facts) told(found finding, h *hits) Diagnosis {
	d, src := f.diagnosis(found.open), f.in.Text
	from, to := found.places[0].from, found.places[0].to
	low, high := h.around(from, to)
	d.ServerText, d.vague = h.show(from, to), found.strength == fails
	d.Codes = h.codesIn(low, high)
	around := src[low:min(len(src), high+600)]
	d.CorrelationID, d.TraceID = correlationID(around), cmp.Or(traceID(around), requestID(around))
	d.proof.words = cmp.Or(quotable(wholeWords(src, from, to), d.ServerText), strings.Join(d.Codes, ", "))
	d.Links = append(d.Links, entraLinks(d)...)
	return d
}

// entryOf is the entry of a cause; one that no file tells about is unknown.
func entryOf(c Cause) *entry {
	if e := theBook().named[string(c)]; e != nil && e.kind == "cause" {
		return e
	}
	return theBook().named[string(CauseUnknown)]
}

// RetryOf says whether trying again can help against a cause.
func RetryOf(c Cause) Retry { return entryOf(c).retry }

// Causes lists every cause, by family.
func Causes() (all []Cause) {
	for _, e := range theBook().entries {
		if e.kind == "cause" {
			all = append(all, Cause(e.name))
		}
	}
	return all
}

// codeLookup is Microsoft's own page about a code of its sign-in service.
const codeLookup = "code-lookup"

// entraLinks adds that page for each code found. Only the digits come from
// the text: nothing from a server ever becomes a link.
func entraLinks(d Diagnosis) (links []string) {
	for _, code := range d.Codes {
		if number, ok := strings.CutPrefix(code, entraPrefix); ok && len(links) < 3 {
			links = append(links, theBook().urls[codeLookup]+"?code="+number)
		}
	}
	return links
}
