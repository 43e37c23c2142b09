package diagnosis

import (
	"slices"
	"testing"
)

// asked explains a refusal of Exchange Online with what is known.
func asked(e Evidence) (Diagnosis, Input) {
	in := Input{Phase: PhaseIMAP, Step: "authenticate", Provider: Microsoft, Text: "A1 NO AUTHENTICATE failed.", Evidence: e}
	return Explain(in), in
}

func TestOpenCausesAreToldAsOpen(t *testing.T) {
	d, _ := asked(Evidence{})
	if d.Certainty != Possible || len(d.Causes) < 3 {
		t.Errorf("%s %v", d.Certainty, d.Causes)
	}
}

func TestExperimentsDecide(t *testing.T) {
	d, in := asked(Evidence{Mechanism: "XOAUTH2"})
	if wanted := Wanted(d, in.Evidence); !slices.Contains(wanted, RenewAndRetry) {
		t.Fatalf("wanted %v", wanted)
	}
	in.Evidence.Tried = map[Experiment]string{RenewAndRetry: "accepted"}
	if d = Explain(in); d.Cause != "token-expired" || d.Certainty != Certain {
		t.Errorf("a fresh token is accepted: %s %v", d.Certainty, d.Causes)
	}
	if wanted := Wanted(d, in.Evidence); len(wanted) > 0 {
		t.Errorf("still wanted: %v", wanted)
	}
	in.Evidence.Tried = map[Experiment]string{RenewAndRetry: "refused"}
	if d = Explain(in); slices.Contains(d.Causes, "token-expired") || len(d.Causes) == 0 {
		t.Errorf("a fresh token is refused as well: %v", d.Causes)
	}
	if wanted := Wanted(d, in.Evidence); slices.Contains(wanted, RenewAndRetry) {
		t.Error("an experiment is wanted twice")
	}
}

// TestRevokedBehindACache: POP3 of a server that remembers tokens lets a
// revoked one in; IMAP's answer carries the status.
func TestRevokedBehindACache(t *testing.T) {
	for _, provider := range []Provider{Generic, Microsoft} {
		d := Explain(Input{
			Phase: PhaseIMAP, Step: "authenticate", Provider: provider,
			Text:     "NO [AUTHENTICATIONFAILED] Authentication failed.\n{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":\"mail\"}",
			Evidence: Evidence{User: helpdesk, Sender: helpdesk, Account: helpdesk, Mechanism: "XOAUTH2", SignedIn: map[Phase]bool{PhasePOP3: true}},
		})
		if slices.Contains(d.Causes, Cause("exo-protocol-disabled-mailbox")) || d.Cause != "token-expired" || d.Certainty == Certain {
			t.Errorf("%s: %s %v", provider, d.Certainty, d.Causes)
		}
		if wanted := Wanted(d, Evidence{}); !slices.Contains(wanted, RenewAndRetry) {
			t.Errorf("%s: wanted %v", provider, wanted)
		}
	}
}

// TestEveryExperimentDecidesSomething: one whose outcomes no entry names
// would never be wanted.
func TestEveryExperimentDecidesSomething(t *testing.T) {
	for id, outcomes := range Outcomes {
		named := slices.ContainsFunc(theBook().entries, func(e *entry) bool {
			return slices.ContainsFunc(outcomes, func(o string) bool {
				return slices.ContainsFunc(append(slices.Clone(e.proofs), e.nevers...), func(w when) bool { return slices.Contains(w.names(), string(id)+"="+o) })
			})
		})
		if !named {
			t.Errorf("no cause is proved or refuted by %s", id)
		}
	}
}
