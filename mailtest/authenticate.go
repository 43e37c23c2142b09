package mailtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

var errNotOffered = errors.New("the server does not offer the sign-in that is needed")

// errUnencrypted: a secret would cross the network in the clear.
var errUnencrypted = errors.New("the connection is not encrypted")

// authenticate signs in. Nothing secret is sent before the connection is
// known to be safe.
func (s *session) authenticate() error {
	if s.server.Security == mailbox.SecuritySTARTTLS {
		if err := s.askOffers(); err != nil {
			return err
		}
	}
	if !s.secured && !s.address.Addr().Unmap().IsLoopback() {
		return errUnencrypted
	}
	if err := s.choose(); err != nil {
		return err
	}
	cred, err := s.obtain()
	if err != nil {
		return err
	}
	err = s.signIn(cred, s.userFor(cred))
	switch {
	case errors.Is(err, errUnheard):
		err = s.chooseAgain(cred, err)
	case errors.Is(err, errLongLine):
		err = s.inShortLines(cred, err)
	}
	if isRefusal(err) && !mailbox.KindOf(s.protocol).Reads {
		if upn := s.otherName(cred, err); upn != "" {
			err = s.retryAs(cred, upn, err)
		}
	}
	switch {
	case err == nil:
		s.decide(accepted)
	case isRefusal(err) && !errors.Is(err, errUnheard):
		s.decide(refused)
	}
	return err
}

func (s *session) choose() error {
	ok := false
	if s.told {
		s.fact(FactOffered, append([]string{}, s.offered...)) // reports have no null
	}
	if s.definition.Authentication == mailbox.AuthPassword {
		s.mechanism, ok = s.dialog.password(s.offered)
	} else {
		s.mechanism, ok = firstOffered(s.offered, mechXOAUTH2, mechOAuthBearer)
		ok = ok || !s.told // where the server does not say it is tried
	}
	if !ok {
		return fmt.Errorf("%w: %s is not among what it offers (%s)", errNotOffered, s.mechanism, cmp.Or(strings.Join(s.offered, " "), "nothing"))
	}
	s.fact(FactMechanism, s.mechanism)
	return nil
}

// chooseAgain asks a server that has refused the mechanism unheard what it
// offers instead.
func (s *session) chooseAgain(c Credential, first error) error {
	was := s.mechanism
	if s.askOffers() != nil || !s.told {
		return first
	}
	if err := s.choose(); err != nil {
		return err
	}
	if s.mechanism == was {
		return first
	}
	return s.signIn(c, s.saslUser)
}

// inShortLines signs in once more where the server did not take a token in
// one line. If that cannot be tried the first failure stands.
func (s *session) inShortLines(c Credential, first error) error {
	s.shortLines = true
	if err := s.again(c, s.saslUser); err == nil || isRefusal(err) {
		return err
	}
	return first
}

func (s *session) again(c Credential, user string) error {
	s.goodbye()
	if err := s.reconnect(); err != nil {
		return err
	}
	return s.signIn(c, user)
}

// obtain returns the credential, or the diagnosis of why there is none.
func (s *session) obtain() (Credential, error) {
	cred, err := s.r.credentials[s.resource].get(s.ctx)
	if err == nil && s.secretOf(cred) == "" {
		err = diagnosis.New(diagnosis.CauseAuthorizationMissing, diagnosis.PhaseToken, nil)
	}
	if err == nil {
		s.log.hide(cred.Token.Reveal(), cred.Password.Reveal())
		if s.resource != "" {
			s.fact(FactResource, s.resource)
		}
		return cred, nil
	}
	if s.runCtx.Err() != nil {
		return Credential{}, context.Cause(s.runCtx)
	}
	d := s.name(diagnosis.Input{
		Phase: diagnosis.PhaseRefresh, Step: string(StepAuthenticate), Provider: s.r.cfg.Provider,
		Err: err, Evidence: s.r.cfg.Evidence,
	})
	d.Step = string(StepAuthenticate)
	return Credential{}, d
}

func (s *session) secretOf(c Credential) string {
	if s.definition.Authentication == mailbox.AuthPassword {
		return c.Password.Reveal()
	}
	return c.Token.Reveal()
}

// userFor is the name to sign in with. A shared mailbox is opened by its own
// address in IMAP and POP3; SMTP takes only the account's name there
// (Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth").
func (s *session) userFor(c Credential) string {
	d := s.definition
	if d.SharedMailbox == "" || d.Authentication == mailbox.AuthPassword {
		return d.User
	}
	if mailbox.KindOf(s.protocol).Reads {
		return d.SharedMailbox
	}
	return cmp.Or(c.Account, d.User)
}

func (s *session) signIn(c Credential, user string) error {
	s.saslUser = user
	s.fact(FactUser, user)
	if c.Account != "" {
		s.fact(FactAccount, c.Account)
	}
	id := identity{user: user, secret: s.secretOf(c), host: s.server.Host, port: s.server.Port}
	for _, answer := range newExchange(s.mechanism, id).answers {
		if string(answer) != user { // LOGIN's first; a name is no secret
			s.log.hide(string(answer))
		}
	}
	return s.dialog.signIn(s.mechanism, id)
}

// otherName returns the name to try after SMTP has refused the address: the
// token's own, if it differs and the token is known to be good. Exchange's
// IMAP takes any address of the account, its SMTP only the account's name
// (chatwoot pull request 14522, libredesk pull request 256, 2026).
func (s *session) otherName(c Credential, err error) string {
	upn := c.Account
	if c.Claims != nil && c.Claims.User != "" {
		upn = c.Claims.User
	}
	if upn == "" || strings.EqualFold(upn, s.saslUser) || s.definition.Authentication == mailbox.AuthPassword {
		return ""
	}
	if !strings.HasPrefix(words(err), "535 5.7.3 ") || !s.othersAccept() {
		return ""
	}
	return upn
}

// othersAccept waits for what the other protocols say to the same token. If
// none of them is tested nothing speaks against the token.
func (s *session) othersAccept() bool {
	asked := 0
	for _, other := range s.r.sessions {
		if other == s || other.resource != s.resource {
			continue
		}
		asked++
		select {
		case <-other.decided:
			if other.decision == accepted {
				return true
			}
		case <-s.ctx.Done():
			return false
		}
	}
	return asked == 0
}

// retryAs signs in once more under another name, on a new connection. If that
// works it is a warning that proposes the name; if not, the first refusal
// stands.
func (s *session) retryAs(c Credential, upn string, first error) error {
	was := s.saslUser
	if s.again(c, upn) != nil {
		s.saslUser = was
		s.fact(FactUser, was)
		return first
	}
	s.fact(FactRefusedUser, was)
	d := diagnosis.New(diagnosis.CauseUPNDiffersFromAddress, diagnosis.Phase(s.protocol), i18n.Args{
		"user": was, "account": upn, "mailbox": s.definition.Address(), "host": s.server.Host, "protocol": s.protocol.Title(),
	})
	d.Step, d.ServerText = string(StepAuthenticate), words(first)
	s.warning = &d
	return nil
}

// reconnect opens a second connection in the same way as the first one.
func (s *session) reconnect() error {
	if err := s.connectTo(s.address); err != nil {
		return err
	}
	for _, step := range Steps(s.server.Security)[2:4] { // TLS and the greeting
		if err := s.do(step); err != nil {
			return err
		}
	}
	if s.server.Security == mailbox.SecuritySTARTTLS {
		return s.askOffers()
	}
	return nil
}
