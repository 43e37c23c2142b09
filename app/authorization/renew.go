package authorization

import (
	"context"
	"errors"
	"net"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// Credential returns the function with which a mailbox test signs in. hosts
// are those the user confirmed beyond the recorded ones.
func (m *Manager) Credential(d mailbox.Definition, hosts []string) mailtest.CredentialFunc {
	return func(ctx context.Context, resource string) (mailtest.Credential, error) {
		if d.Authentication == mailbox.AuthPassword {
			password, err := m.password(d, hosts)
			return mailtest.Credential{Password: password, Account: d.User}, err
		}
		r, err := m.fresh(ctx, d, resource, hosts)
		if err != nil {
			return mailtest.Credential{}, err
		}
		h := r.token(resource)
		return mailtest.Credential{
			Token: h.AccessToken.Secret, Account: r.Account.User, Granted: h.Granted,
			Claims: diagnosis.ClaimsOf(h.AccessToken.Reveal()),
		}, nil
	}
}

// Evidence is what is known of a mailbox before it is tested: the proxy that
// is set on this machine, which mail connections do not use.
func Evidence(ctx context.Context, d mailbox.Definition) diagnosis.Evidence {
	for _, host := range hostsOf(d) {
		if proxy := oauth.ProxyFor(ctx, "https://"+net.JoinHostPort(host, "443")); proxy != "" {
			return diagnosis.Evidence{Proxy: proxy}
		}
	}
	return diagnosis.Evidence{}
}

// AccessToken returns an access token for the mail servers that is good for at least ten minutes.
func (m *Manager) AccessToken(ctx context.Context, d mailbox.Definition, hosts []string) (redact.Secret, error) {
	r, err := m.fresh(ctx, d, "", hosts)
	return r.AccessToken.Secret, err
}

// CheckHosts reports, before anything is sent, whether the stored token may
// go to the definition's hosts: nil, or a host-not-allowed diagnosis. Without
// a stored authorization there is nothing to protect.
func (m *Manager) CheckHosts(d mailbox.Definition, confirmed []string) error {
	if d.Authentication == mailbox.AuthPassword {
		return m.checkPasswordHosts(d, confirmed)
	}
	r, err := m.load(d)
	if err != nil {
		return nil
	}
	return m.checkHosts(d, r.recordedHosts(), confirmed)
}

// fresh returns a record whose access token for a resource lasts, renewing it
// if need be.
func (m *Manager) fresh(ctx context.Context, d mailbox.Definition, resource string, hosts []string) (record, error) {
	r, err := m.load(d)
	if err != nil {
		return record{}, err
	}
	if err := m.checkHosts(d, r.recordedHosts(), hosts); err != nil {
		return record{}, err
	}
	usable := func(r record) bool { return m.lasts(r, resource) && !m.unborn(r.token(resource)) }
	if usable(r) {
		return r, nil
	}
	renewed, err := m.renewLocked(ctx, d, resource, func(r record) bool { return !usable(r) })
	if err != nil && !isFinal(err) && m.lasts(r, resource) {
		return r, nil // the clock is behind rather than put right: what was verified still is
	}
	return renewed, err
}

// lasts reports that the access token is good by this machine's clock. What was
// refused is the renewal of the mail servers'.
func (m *Manager) lasts(r record, resource string) bool {
	return (r.Refused == nil || resource != "") && m.now().Add(early).Before(r.token(resource).Expires)
}

// clockLeeway is how far a clock may be put right without a new token. It is
// less than early, so a token that is taken for usable still is.
const clockLeeway = 5 * time.Minute

// unborn reports that the last renewal lies in the future: the clock was ahead
// and has been put right. The end of the access token was reckoned from it, and
// the service lets it end sooner.
func (m *Manager) unborn(h held) bool {
	return h.Renewed.After(m.now().Add(clockLeeway))
}

// Refresh renews the authorization now. Errors: diagnosis.Diagnosis; one that
// is final is also kept and shown by Status.
func (m *Manager) Refresh(ctx context.Context, d mailbox.Definition) (Status, error) {
	return m.refresh(ctx, d, func(record) bool { return true })
}

// RefreshUnlessSince is Refresh, but leaves an authorization alone that was
// renewed at or after that time: several mailboxes may share it.
func (m *Manager) RefreshUnlessSince(ctx context.Context, d mailbox.Definition, since time.Time) (Status, error) {
	return m.refresh(ctx, d, func(r record) bool { return r.Refused != nil || r.Renewed.Before(since) || m.unborn(r.held) })
}

func (m *Manager) refresh(ctx context.Context, d mailbox.Definition, needed func(record) bool) (Status, error) {
	r, err := m.renewLocked(ctx, d, "", needed)
	if err != nil {
		return Status{}, err
	}
	return m.status(d, r), nil
}

// renewLocked renews under the lock. Another process may have been faster
// while this one waited: needed decides on the record as it then is.
func (m *Manager) renewLocked(ctx context.Context, d mailbox.Definition, resource string, needed func(record) bool) (record, error) {
	client, done, err := m.client(d)
	if err != nil {
		return record{}, err
	}
	defer done()
	unlock, err := m.lock(ctx, d)
	if err != nil {
		return record{}, err
	}
	defer unlock()
	r, err := m.load(d)
	if err == nil && r.Pending != nil {
		r = m.settleLeft(ctx, client, d, r)
	}
	if err == nil && r.Pending != nil && resource != "" { // the mail servers' own renewal knows what to do with it
		r, err = m.renew(ctx, client, d, r, "")
	}
	if err != nil || !needed(r) {
		return r, err
	}
	return m.renew(ctx, client, d, r, resource)
}

// refuse records what the service refused, so that status can show it, and
// returns the reason too. What somebody has to mend first, such as an account that was
// switched off, ends nothing: the tokens are good again afterwards.
func (m *Manager) refuse(d mailbox.Definition, r record, reason error) (record, error) {
	switch diag := diagnosisOf(reason); {
	case isFinal(reason) && r.Refused != nil && diag.Certainty == diagnosis.Possible && r.Refused.Diagnosis.Certainty != diagnosis.Possible:
		return r, r.Refused.Diagnosis // the service said more then
	case isFinal(reason):
		r.Refused, r.Doubt = m.note(reason), nil
	case diag.Retry == diagnosis.RetryNo && len(diag.Codes) > 0:
		r.Doubt = m.note(reason)
	default:
		return r, reason
	}
	if err := m.save(d, r); err != nil {
		m.log.Warn("authorization: the refusal could not be kept", "error", err)
	}
	return r, reason
}

// diagnosisOf is the diagnosis that an error is; the zero one if it has no name.
func diagnosisOf(err error) diagnosis.Diagnosis {
	diag, _ := errors.AsType[diagnosis.Diagnosis](err)
	return diag
}

// isFinal reports whether only a new sign-in helps: who gave up was not refused.
func isFinal(err error) bool {
	d := diagnosisOf(err)
	return d.Retry == diagnosis.RetrySignIn && d.Cause != diagnosis.CauseCancelled
}

// note is a reason, which has a name, in the form of the record.
func (m *Manager) note(reason error) *refusal {
	return &refusal{At: m.now().UTC(), Diagnosis: diagnosisOf(reason)}
}
