package mailtest

import (
	"cmp"
	"errors"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// input gathers what is known about a failed step.
func (s *session) input(step Step, err error) diagnosis.Input {
	in := diagnosis.Input{
		Phase: s.phaseOf(step), Step: string(step), Provider: s.r.cfg.Provider,
		Err: err, Evidence: s.evidence(),
	}
	in.Evidence.Tried = map[diagnosis.Experiment]string{}
	// The first bytes tell who answers where a protocol begins.
	switch {
	case errors.Is(err, errTLSPort):
		in.Evidence.Received = s.silent
		in.Evidence.Tried[diagnosis.SpeakPort] = "tls"
	case step == StepGreeting && s.wire != nil:
		in.Evidence.Received = s.wire.first()
	case step == StepTLS && s.chain != nil:
		in.Evidence.Received = s.chain.received
	}
	in.Text = words(err)
	return in
}

func (s *session) phaseOf(step Step) diagnosis.Phase {
	switch step {
	case StepResolve, StepConnect:
		return diagnosis.PhaseNetwork
	case StepTLS:
		return diagnosis.PhaseTLS
	}
	return diagnosis.Phase(s.protocol)
}

func (s *session) evidence() diagnosis.Evidence {
	e := s.r.cfg.Evidence.Of(s.definition)
	e.Host, e.Port, e.Security = s.server.Host, s.server.Port, s.server.Security
	e.SASLUser, e.Mechanism = s.saslUser, s.mechanism
	if s.chain != nil {
		e.Chain = s.chain.state.PeerCertificates
	}
	if c, ok := s.r.credentials[s.resource].known(); ok {
		e.Claims, e.Account = cmp.Or(c.Claims, e.Claims), cmp.Or(c.Account, e.Account)
		if len(c.Granted) > 0 {
			e.Granted = c.Granted
		}
	}
	return e
}

// name asks for the cause, and gives the one we know ourselves where the
// words and the kind of the error tell nothing.
func (s *session) name(in diagnosis.Input) diagnosis.Diagnosis {
	d := diagnosis.Explain(in)
	own := s.ownCause(in)
	if own != "" && (d.Vague() || errors.Is(in.Err, errUnencrypted) || errors.Is(in.Err, errNoSTARTTLS)) {
		text, args := d.ServerText, d.Args
		if own == diagnosis.CauseServerProtocolError && args["found"] == "" {
			args["found"] = s.found(in)
		}
		d = diagnosis.New(own, in.Phase, args).At(in.Provider)
		d.ServerText = text
		if own == diagnosis.CauseAuthMechanismNotOffered && !s.secured {
			d.Certainty = diagnosis.Likely // it may be offered after TLS
		}
	}
	d.Step = in.Step
	return d
}

// found is what came in place of the protocol: the first line, or what we
// wrote about a later one.
func (s *session) found(in diagnosis.Input) string {
	if line, _, _ := strings.Cut(strings.TrimSpace(string(in.Evidence.Received)), "\n"); line != "" {
		return s.log.mask(strings.TrimSpace(line))
	}
	return strings.TrimPrefix(in.Err.Error(), errProtocol.Error()+": ")
}

// ownCause names those failures of which neither words nor the kind of the error
// tell.
func (s *session) ownCause(in diagnosis.Input) diagnosis.Cause {
	switch err := in.Err; {
	case errors.Is(err, errNoSTARTTLS):
		return diagnosis.CauseSTARTTLSUnavailable
	case errors.Is(err, errUnencrypted):
		return diagnosis.CauseSTARTTLSMissing
	case errors.Is(err, errNotOffered):
		if in.Evidence.Tried[diagnosis.SMTPOffers] == "after-tls" {
			return diagnosis.CauseSTARTTLSMissing
		}
		if s.definition.Authentication == mailbox.AuthOAuth2 && in.Provider == diagnosis.Generic {
			return diagnosis.CauseServerOAuthNotSupported
		}
		return diagnosis.CauseAuthMechanismNotOffered
	case errors.Is(err, errProtocol), in.Step == string(StepTLS): // a handshake that Go's own words end
		return diagnosis.CauseServerProtocolError
	}
	return ""
}
