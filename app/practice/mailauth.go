package practice

import (
	"bytes"
	"slices"
	"strings"
)

// forMail reports whether the mail servers take the tokens of a resource.
func forMail(audience string) bool {
	return slices.Contains([]string{resourceOutlook, resourceOffice365}, strings.TrimSuffix(audience, "/"))
}

// mailLogin is somebody who showed a good token or password.
type mailLogin struct {
	account     Account // who signed in; zero for an application
	application bool
	barred      bool    // an application without a right on any mailbox
	target      Account // whose mailbox is asked for
}

// mayOpen reports whether the mailbox asked for may be opened. Exchange finds
// out only after signing in (IMAP: "authenticated but not connected").
func (l mailLogin) mayOpen() bool {
	if l.application {
		return !l.barred
	}
	return l.account.mayOpen(l.target.Address)
}

// tokenLogin checks a token for one protocol: signature, time, audience,
// permission, and that user is a mailbox of this tenant.
func (t *Tenant) tokenLogin(user, token, perm string) (mailLogin, bool) {
	c, ok := t.readAccessToken(token)
	if !ok || !forMail(c.Audience) || c.TenantID != TenantID {
		return mailLogin{}, false
	}
	target, ok := accountOf(user)
	if !ok || target.Address == "" {
		return mailLogin{}, false
	}
	if c.UPN == "" {
		return mailLogin{application: true, barred: t.opts.AppBarred, target: target}, true
	}
	i := slices.IndexFunc(Accounts, func(a Account) bool { return a.ObjectID == c.ObjectID })
	if i < 0 || Accounts[i].Home != TenantID || !c.has(perm) {
		return mailLogin{}, false
	}
	return mailLogin{account: Accounts[i], target: target}, true
}

// box is the mailbox of an account.
func (t *Tenant) box(a Account) *mailStore { return t.boxes[strings.ToLower(a.Address)] }

// xoauth2Server reads the one message of XOAUTH2 and, as Exchange does,
// sends no error challenge.
type xoauth2Server struct {
	login func(user, token string) error // its error is the server's answer
	// malformed is the answer to anything else.
	malformed error
}

func (s *xoauth2Server) Next(response []byte) ([]byte, bool, error) {
	if response == nil {
		return nil, false, nil
	}
	user, token, ok := parseXOAUTH2(response)
	if !ok {
		return nil, false, s.malformed
	}
	return nil, true, s.login(user, token)
}

// parseXOAUTH2 takes apart user=NAME^Aauth=Bearer TOKEN^A^A (Google,
// "OAuth 2.0 mechanism"; Microsoft uses the same).
func parseXOAUTH2(b []byte) (user, token string, ok bool) {
	rest, whole := bytes.CutSuffix(b, []byte("\x01\x01"))
	userPart, authPart, two := strings.Cut(string(rest), "\x01")
	user, named := strings.CutPrefix(userPart, "user=")
	token, bearer := strings.CutPrefix(authPart, "auth=Bearer ")
	return user, token, whole && two && named && bearer && user != "" && token != ""
}

// loginServer is the server side of LOGIN, which go-sasl lacks. Exchange refuses
// every password.
type loginServer struct {
	asked  bool // for the password
	refuse func() error
}

func (s *loginServer) Next(response []byte) ([]byte, bool, error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case !s.asked:
		s.asked = true
		return []byte("Password:"), false, nil
	}
	return nil, true, s.refuse()
}
