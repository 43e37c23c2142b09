package diagnosis

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// proof is what makes a cause certain: words of the message, or conditions of
// the data files that hold.
type proof struct {
	words string // fit to be shown
	holds []string
	args  i18n.Args // what the conditions were judged by
}

// ProvedBy is a diagnosis that the outcome of an experiment proves.
func (d Diagnosis) ProvedBy(id Experiment, outcome string) Diagnosis {
	d.proof = proof{holds: []string{string(id) + "=" + outcome}, args: d.Args}
	return d
}

// holding returns the first of several lists of conditions that holds, each
// condition as it stands in the file; of alternatives the one that holds.
func (f *facts) holding(all []when) (names []string) {
	i := slices.IndexFunc(all, func(w when) bool { return w.holds(f) })
	if i < 0 {
		return nil
	}
	for _, condition := range all[i].conditions() {
		alternatives := strings.Split(condition, "|")
		names = append(names, alternatives[slices.IndexFunc(alternatives, f.any)])
	}
	return names
}

// proofOf is the proof of a verdict by what is known; that of words is added
// where they stand.
func (f *facts) proofOf(open verdict) (p proof) {
	if len(open.holds) == 0 {
		return p
	}
	e := &f.in.Evidence
	args, granted := i18n.Args{"permission": f.permission(), "reader": mailbox.Protocol(otherReader(f.phase)).Title(), "account": f.signedInAs()}, e.Granted
	if c := e.Claims; c != nil {
		args["audience"], args["expires"] = strings.Join(c.Audience, ", "), c.Expires.UTC().Format("2006-01-02 15:04 UTC")
		granted = slices.Concat(c.Scopes, c.Roles)
	}
	args["granted"] = cmp.Or(strings.Join(granted, " "), "–")
	p.args, p.holds = f.args(), open.holds
	maps.Copy(p.args, safe(args))
	return p
}

// permission is what the token has to carry for the protocol at hand.
func (f *facts) permission() string {
	p, protocol := f.profile()
	if f.clue["token-app"] {
		return p.Roles[protocol]
	}
	return p.Scopes[protocol]
}

// maxQuote is how much of a message is quoted as a proof, in characters.
const maxQuote = 160

// maxWord is the length of the longest word that is completed, in bytes.
const maxWord = 60

// quotable is a piece of a message as it can be quoted: in one line, not too
// long, and only where nothing in it is masked in the whole.
func quotable(piece, whole string) string {
	piece = strings.Join(strings.Fields(piece), " ")
	if !strings.Contains(strings.Join(strings.Fields(whole), " "), piece) {
		return ""
	}
	if r := []rune(piece); len(r) > maxQuote {
		piece = strings.TrimSpace(string(r[:maxQuote])) + "…"
	}
	return redact.Line(piece)
}

// wholeWords is a piece of a text, from the beginning of its first word to the
// end of its last.
func wholeWords(text string, from, to int) string {
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	piece := text[from:to]
	before, after := text[max(0, from-maxWord):from], text[to:min(len(text), to+maxWord)]
	if first, _ := utf8.DecodeRuneInString(piece); inWord(first) {
		piece = before[len(strings.TrimRightFunc(before, inWord)):] + piece
	}
	if last, _ := utf8.DecodeLastRuneInString(piece); inWord(last) {
		piece += after[:len(after)-len(strings.TrimLeftFunc(after, inWord))]
	}
	return piece
}

// proven says by what the cause is proven; "" where it is not, or where
// Mailgrant itself has found it.
func (d Diagnosis) proven(t *i18n.Texts) string {
	if d.Certainty != Certain {
		return ""
	}
	var facts []string
	args := d.fill(t)
	maps.Copy(args, d.proof.args)
	for _, name := range d.proof.holds {
		for _, key := range proofKeys(name) {
			if t.Has(key) {
				facts = append(facts, tidy(t.Text(key, args)))
			}
		}
	}
	switch {
	case len(facts) > 0:
		return t.Text("finding.proof", i18n.Args{"facts": strings.Join(facts, " ")})
	case d.proof.words != "":
		return t.Text("finding.proof-words", i18n.Args{"words": d.proof.words})
	}
	return ""
}

// proofKeys are where the words of a condition may stand: an outcome of an
// experiment has its own.
func proofKeys(condition string) []string {
	return []string{"finding.proof." + condition, "experiment." + strings.Replace(condition, "=", ".", 1)}
}
