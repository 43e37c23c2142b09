package mailtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-sasl"
)

// The mechanisms. loginCommand is IMAP's LOGIN and POP3's USER and PASS.
const (
	mechXOAUTH2     = "XOAUTH2"
	mechOAuthBearer = "OAUTHBEARER"
	mechPlain       = "PLAIN"
	mechLogin       = "LOGIN"
	loginCommand    = "LOGIN command"
)

// maxChallenges is how often a server may ask within one sign-in. Our
// mechanisms answer two questions at most.
const maxChallenges = 4

// identity is who signs in and with what.
type identity struct {
	user   string
	secret string
	host   string
	port   int
}

// exchange is our side of a SASL exchange; it implements sasl.Client. The
// libraries' own mechanisms give up when a server explains a refusal in a
// challenge, and the refusal itself is lost.
type exchange struct {
	mechanism string
	answers   [][]byte // in the order of the challenges
	initial   bool     // the first answer goes with the command
	// explained is what the server said in a challenge after the last answer:
	// the reason of a refusal.
	explained string

	next int
	seen int
}

func newExchange(mechanism string, id identity) *exchange {
	x := &exchange{mechanism: mechanism}
	switch mechanism {
	case mechXOAUTH2:
		x.answers = [][]byte{[]byte("user=" + id.user + "\x01auth=Bearer " + id.secret + "\x01\x01")}
	case mechOAuthBearer: // RFC 7628, section 3.1
		x.answers = [][]byte{[]byte("n,a=" + saslName.Replace(id.user) + ",\x01host=" + id.host + "\x01port=" + strconv.Itoa(id.port) + "\x01auth=Bearer " + id.secret + "\x01\x01")}
	case mechPlain: // RFC 4616
		x.answers = [][]byte{[]byte("\x00" + id.user + "\x00" + id.secret)}
	case mechLogin:
		x.answers = [][]byte{[]byte(id.user), []byte(id.secret)}
	}
	return x
}

// saslName escapes a name in a GS2 header (RFC 5801, section 4).
var saslName = strings.NewReplacer("=", "=3D", ",", "=2C")

// withInitial sends the first answer along with the command if that line is
// no longer than limit bytes; 0 is no limit.
func (x *exchange) withInitial(limit int) *exchange {
	x.initial = limit == 0 || x.line() <= limit
	return x
}

// line is the length of that line.
func (x *exchange) line() int {
	return len("AUTH "+x.mechanism+" \r\n") + base64.StdEncoding.EncodedLen(len(x.answers[0]))
}

func (x *exchange) Start() (string, []byte, error) {
	if !x.initial {
		return x.mechanism, nil, nil
	}
	x.next = 1
	return x.mechanism, x.answers[0], nil
}

// Next implements sasl.Client. A challenge after the last answer explains a
// refusal; it is answered with a single ^A (RFC 7628, section 3.2.3), upon
// which the server gives its verdict. An empty answer would do for Google but
// not for Dovecot 2.3, which calls it invalid base64.
func (x *exchange) Next(challenge []byte) ([]byte, error) {
	if x.seen++; x.seen > maxChallenges {
		return nil, fmt.Errorf("%w: the server keeps asking during the sign-in", errProtocol)
	}
	if x.next < len(x.answers) {
		x.next++
		return x.answers[x.next-1], nil
	}
	if len(challenge) > 1 {
		x.explained = string(challenge)
	}
	return []byte{1}, nil
}

var _ sasl.Client = (*exchange)(nil)

// firstOffered is the first of the mechanisms that is offered; if none is, the
// first of all and false.
func firstOffered(offered []string, mechanisms ...string) (string, bool) {
	for _, m := range mechanisms {
		if slices.Contains(offered, m) {
			return m, true
		}
	}
	return mechanisms[0], false
}
