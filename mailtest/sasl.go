package mailtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
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

// exchange is our side of a SASL exchange. It does not end when a server
// explains a refusal in a challenge: the refusal itself would be lost.
type exchange struct {
	mechanism string
	answers   [][]byte // in the order of the challenges
	initial   bool     // the first answer goes with the command
	// explained is what the server said in a challenge after the last answer:
	// the reason of a refusal.
	explained string

	said int // answers
	seen int // challenges
}

// newExchange prepares a mechanism.
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

// begin is what goes with the command: the mechanism's name and, where that is
// to go along, the first answer.
func (x *exchange) begin() string {
	if !x.initial {
		return x.mechanism
	}
	x.said = 1
	return x.mechanism + " " + base64.StdEncoding.EncodeToString(x.answers[0])
}

// answer is what we say to a challenge. One after the last answer explains a
// refusal; it is answered with a single ^A (RFC 7628, section 3.2.3), upon
// which the server gives its verdict. An empty answer would do for Google but
// not for Dovecot 2.3, which calls it invalid base64.
func (x *exchange) answer(challenge []byte) ([]byte, error) {
	if x.seen++; x.seen > maxChallenges {
		return nil, fmt.Errorf("%w: the server keeps asking during the sign-in", errProtocol)
	}
	if x.said < len(x.answers) {
		x.said++
		return x.answers[x.said-1], nil
	}
	if len(challenge) > 1 {
		x.explained = string(challenge)
	}
	return []byte{1}, nil
}

// exchange signs in. say sends a line, of which the first begins with the
// command, and returns the server's challenge; asks is false once it has
// taken the sign-in.
func (s surroundings) exchange(x *exchange, command string, say func(line string) (challenge string, asks bool, err error)) error {
	challenge, asks, err := say(command + " " + x.begin())
	for asks && err == nil {
		decoded, wrong := base64.StdEncoding.DecodeString(challenge)
		if wrong != nil {
			decoded = nil // a text where nothing is asked; the answer is the same
		}
		answer, tooMany := x.answer(decoded)
		if tooMany != nil {
			_, _, _ = say("*") // takes the sign-in back (RFC 4954, section 4)
			return tooMany
		}
		challenge, asks, err = say(base64.StdEncoding.EncodeToString(answer))
	}
	if isRefusal(err) && x.explained != "" {
		return s.refused(words(err) + "\n" + x.explained)
	}
	return err
}

// chooseOAuth picks the mechanism for a token. told is false where the server
// did not say what it offers; then it is tried.
func chooseOAuth(offered []string, told bool) (string, bool) {
	switch {
	case !told || slices.Contains(offered, mechXOAUTH2):
		return mechXOAUTH2, true
	case slices.Contains(offered, mechOAuthBearer):
		return mechOAuthBearer, true
	}
	return mechXOAUTH2, false
}
