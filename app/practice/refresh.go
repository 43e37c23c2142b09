package practice

import (
	"net/http"
	"slices"
	"time"
)

// refreshInactivity is how long a refresh token may lie unused (Microsoft,
// "Refresh tokens in the Microsoft identity platform").
const refreshInactivity = 90 * 24 * time.Hour

// refreshToken is one of a family that began with a sign-in. Microsoft keeps
// old ones alive after a renewal; here using one a second time ends the whole
// family, so that a client that loses or mixes up rotated tokens shows it.
type refreshToken struct {
	session
	issued time.Time
	used   bool
	family *family
}

// family is what came of one sign-in. Its refresh tokens get an access token for
// any of the resources agreed to then (RFC 6749, 6: the scope of a renewed
// refresh token is that of the one before).
type family struct {
	scopes  scopeSet
	revoked time.Time
}

func (t *Tenant) renew(r *http.Request, a app) (map[string]any, *aadError) {
	old, asked, aerr := t.takeRefreshToken(r, a)
	if aerr != nil {
		return nil, aerr
	}
	if !slices.Contains(asked.openID, "offline_access") {
		asked.openID = append(slices.Clone(asked.openID), "offline_access") // once granted it stays
	}
	return t.issue(old.session, asked, "", old.family)
}

// takeRefreshToken checks a refresh token and marks it as used in one go, so
// that of two renewals with the same token only one succeeds.
func (t *Tenant) takeRefreshToken(r *http.Request, a app) (old *refreshToken, asked scopeSet, aerr *aadError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	old = t.refresh[r.PostForm.Get("refresh_token")]
	switch {
	case r.PostForm.Get("refresh_token") == "":
		aerr = aad(900144, "refresh_token")
	case old == nil || old.app.id != a.id:
		aerr = aad(70000)
	case t.faults[FaultRefreshExpired]:
		aerr = aad(700082, fraction(t.now().Add(-refreshInactivity-24*time.Hour)))
	case t.now().Sub(old.issued) > refreshInactivity:
		aerr = aad(700082, fraction(old.issued))
	case t.faults[FaultConsentMissing]:
		aerr = aad(65001, a.id, a.name)
	case old.used || !old.family.revoked.IsZero():
		aerr = old.revoke(t.now())
	default:
		asked, aerr = askedScopes(r, a, old.family.scopes)
		if aerr == nil && !asked.within(old.family.scopes) {
			aerr = aad(65001, a.id, a.name)
		}
		old.used = aerr == nil
	}
	return old, asked, aerr
}

// revoke ends the family of a token that came twice.
func (r *refreshToken) revoke(now time.Time) *aadError {
	if r.family.revoked.IsZero() {
		r.family.revoked = now
	}
	return aad(50173, fraction(r.issued), fraction(r.family.revoked))
}
