// Package diagnosis names the cause of a failure, how sure that is, and what
// to do about it.
//
// It is the one place where errors and server texts become causes. oauth and
// mailtest hand in what they know (Input); the window, the command line and
// "mailgrant explain" show what comes out (Diagnosis). What is not recognised
// stays Unknown with the server's own words: the package never guesses.
//
// The knowledge lives in causes/*.txt, in the format that docs/causes.md
// tells. A text is read once (look); what it says gives findings, each an
// entry of those files at a place (match); those that others explain better
// are left out by one order (weigh): stronger before weaker, codes before
// prose, longer before shorter, what says one thing before what leaves it open
// among others, and of codes within codes the innermost. A typed error names
// an entry as well (typed). What remains open is put in order by the evidence
// (judge), which says how certain the first cause is; where a text is all that
// is known, by what other texts taught too (learned.go). A text that speaks of
// several protocols is taken apart first (parts.go).
//
// Where several causes stay open, experiments can decide. Wanted lists those
// that would separate them; the caller makes them, adds what came out to
// Evidence.Tried and calls Explain again with the same Input. The data files
// name outcomes as conditions, "proof (renew-and-retry=accepted)", so that an
// experiment needs no rule in code: only its name and its outcomes, here, and
// the trying, there.
//
// The package knows no widget, opens no connection and keeps no state.
package diagnosis

import "mailgrant/internal/i18n"

// Cause is the stable identifier of a cause. It is part of the contract of
// the command line, the name of an entry in causes/*.txt and the anchor of a
// section in docs/causes.en.md.
type Cause string

// Phase is the part of the work in which something failed.
type Phase string

// The phases, as the command line names them.
const (
	PhaseAuthorize Phase = "authorize"
	PhaseToken     Phase = "token"
	PhaseRefresh   Phase = "refresh"
	PhaseDevice    Phase = "device"
	PhaseIMAP      Phase = "imap"
	PhasePOP3      Phase = "pop3"
	PhaseSMTP      Phase = "smtp"
	PhaseTLS       Phase = "tls"
	PhaseNetwork   Phase = "network"
)

// Provider is the family of servers that produced a text.
type Provider string

// The providers, as the command line names them. Outlook is Microsoft's
// service for personal accounts.
const (
	Microsoft Provider = "microsoft"
	Outlook   Provider = "outlook.com"
	Google    Provider = "google"
	Generic   Provider = "generic"
)

// Retry says whether trying again can help.
type Retry string

// The kinds of retry.
const (
	RetryWait   Retry = "wait"    // propagation, throttling, temporary faults
	RetrySignIn Retry = "sign-in" // only a new authorization helps
	RetryNo     Retry = "no"      // something has to be changed first
)

// Diagnosis is a named cause with everything needed to explain it. It is a
// value and implements error; its texts are looked up when it is shown, so
// that the same diagnosis can be read in any language.
type Diagnosis struct {
	Cause         Cause     // the most likely cause
	Causes        []Cause   // all that text and evidence leave open, most likely first; Causes[0] == Cause
	Certainty     Certainty // "" where it was asked for by its id: nobody has seen it, and all that is known is told
	Phase         Phase
	Step          string    // the step of a mailbox test, or ""
	Args          i18n.Args // values for the placeholders of its texts; safe to show
	Links         []string  // from our own table only
	Command       string    // a PowerShell line, its values quoted, or ""
	ServerText    string    // the server's own words, passed through redact.Text
	Retry         Retry
	Codes         []string // stable codes found: "AADSTS50011", "535 5.7.139"
	CorrelationID string   // Microsoft's, if the text carried it
	TraceID       string

	proof    proof          // what makes it certain
	chances  func() chances // what the words around it speak for, where it comes from a text alone and is not certain; the first alone is asked
	vague    bool           // the text says only that something failed
	provider Provider       // whose servers it is about, as far as is known
}

// Vague tells that nothing is known but that something failed: its causes are
// what then is possible in this part of the work, or unknown.
func (d Diagnosis) Vague() bool { return d.vague || d.Cause == CauseUnknown }

// Error implements error in English, for logs.
func (d Diagnosis) Error() string {
	text := string(d.Cause)
	if d.ServerText != "" {
		text += ": " + d.ServerText
	}
	return text
}

// Is lets errors.Is find a diagnosis by its cause.
func (d Diagnosis) Is(target error) bool {
	other, ok := target.(Diagnosis)
	return ok && other.Cause == d.Cause
}

// Rendered is a diagnosis in one language, in the shape of the contract.
type Rendered struct {
	Cause         Cause    `json:"cause"`
	Causes        []Cause  `json:"causes"`
	Phase         Phase    `json:"phase,omitempty"`
	Step          string   `json:"step,omitempty"`
	Title         string   `json:"title"`
	Explanation   string   `json:"explanation"`
	Fix           []string `json:"fix"`
	Links         []string `json:"links"`
	Command       string   `json:"command,omitempty"`
	ServerText    string   `json:"server_text,omitempty"`
	Retry         Retry    `json:"retry"`
	Codes         []string `json:"codes"`
	CorrelationID string   `json:"correlation_id,omitempty"`
	TraceID       string   `json:"trace_id,omitempty"`

	Certainty    Certainty     `json:"certainty,omitempty"`
	Proof        string        `json:"proof,omitempty"` // what makes it certain, in words
	Check        string        `json:"check,omitempty"` // how to tell the first, where others are open
	Alternatives []Alternative `json:"alternatives"`
}

// Alternative is another cause that is open, and how to tell it from the rest.
type Alternative struct {
	Cause Cause  `json:"cause"`
	Title string `json:"title"`
	Check string `json:"check"`
}

// Render puts the diagnosis into words.
func (d Diagnosis) Render(t *i18n.Texts) Rendered {
	return Rendered{
		Cause: d.Cause, Causes: list(d.Causes), Phase: d.Phase, Step: d.Step,
		Title: d.text(t, "title"), Explanation: d.text(t, "text"), Fix: d.list(t, "fix"),
		Links: list(d.Links), Command: blanks(t).Replace(d.Command), ServerText: d.ServerText,
		Retry: d.Retry, Codes: list(d.Codes),
		CorrelationID: d.CorrelationID, TraceID: d.TraceID,
		Certainty: d.Certainty, Proof: d.proven(t), Alternatives: d.alternatives(t), Check: d.ownCheck(t),
	}
}

// ownCheck is how to tell the first cause, where that is not settled.
func (d Diagnosis) ownCheck(t *i18n.Texts) string {
	if len(d.Causes) < 2 && d.Certainty != "" {
		return ""
	}
	return d.text(t, "tell")
}

// Note says how sure the diagnosis is, and by what where it is certain; nothing
// where Mailgrant itself has found the cause.
func (r Rendered) Note(t *i18n.Texts) string {
	switch several := len(r.Alternatives) > 0; {
	case r.Certainty == Certain || r.Certainty == "" || r.Cause == CauseUnknown:
		return r.Proof
	case several && r.Certainty == Likely:
		return t.Text("finding.several-likely")
	case several:
		return t.Text("finding.several")
	case r.Certainty == Likely:
		return t.Text("finding.likely")
	}
	return t.Text("finding.possible")
}

// More tells whether asking for the cause by its id says more than is told here.
func (r Rendered) More() bool {
	return r.Cause != CauseUnknown && (r.Check == "" || len(r.Alternatives) > 0)
}

func (d Diagnosis) alternatives(t *i18n.Texts) []Alternative {
	out := []Alternative{}
	for _, c := range d.Causes[min(1, len(d.Causes)):] {
		other := Diagnosis{Cause: c, Phase: d.Phase, Args: d.Args, provider: d.provider}
		out = append(out, Alternative{c, other.text(t, "title"), other.text(t, "tell")})
	}
	return out
}

// list makes an absent list an empty one: scripts iterate over it.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
