package practice

import "time"

// refreshInactivity is how long a refresh token may lie unused (Microsoft,
// "Refresh tokens in the Microsoft identity platform").
const refreshInactivity = 90 * 24 * time.Hour

// refreshToken is one of a family that began with a sign-in. Microsoft keeps
// old ones alive after a renewal; here using one a second time ends the whole
// family, so that a client that loses or mixes up rotated tokens shows it.
type refreshToken struct {
	granted
	issued time.Time
}

// family is what came of one sign-in. Its refresh tokens get an access token for
// any of the resources agreed to then (RFC 6749, 6: the scope of a renewed
// refresh token is that of the one before).
type family struct {
	scopes  scopeSet
	revoked time.Time
}

func (t *Tenant) renew(token string, a app) (*granted, *aadError) {
	old := t.refresh[token]
	switch {
	case token == "":
		return nil, aad(900144, "refresh_token")
	case old == nil || old.app.id != a.id:
		return nil, aad(70000)
	case t.faults[FaultRefreshExpired]:
		return nil, aad(700082, fraction(t.now().Add(-refreshInactivity-24*time.Hour)))
	case t.now().Sub(old.issued) > refreshInactivity:
		return nil, aad(700082, fraction(old.issued))
	case t.faults[FaultConsentMissing]:
		return nil, aad(65001, a.id, a.name)
	case old.used || !old.family.revoked.IsZero():
		return nil, old.revoke(t.now())
	}
	return &old.granted, nil
}

// revoke ends the family of a token that came twice.
func (r *refreshToken) revoke(now time.Time) *aadError {
	if r.family.revoked.IsZero() {
		r.family.revoked = now
	}
	return aad(50173, fraction(r.issued), fraction(r.family.revoked))
}
