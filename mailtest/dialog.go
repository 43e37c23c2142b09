package mailtest

import (
	"errors"
	"fmt"
	"io"
	"net"

	"mailgrant/internal/mailbox"
)

// Check is one protocol over one connection. Its methods are called in this
// order, each once; with STARTTLS, startTLS and the handshake come between
// greet and offers.
type Check interface {
	// greet reads the server's first words and, before STARTTLS, what it
	// offers.
	greet() error
	// startTLS sends the command and reads the server's consent.
	startTLS() error
	// offers asks for the sign-in mechanisms; told is false if the server
	// does not say.
	offers() (mechanisms []string, told bool, err error)
	// password picks the mechanism for a password out of those offered.
	password(offered []string) (mechanism string, ok bool)
	// signIn authenticates. Beside a refusal its error may be errUnheard or
	// errLongLine: then another way may still work.
	signIn(mechanism string, id identity) error
	// look proves that the mailbox can be used, without changing it.
	look() error
	// leaving reports whether the goodbye is on its way already.
	leaving() bool
	// quit says goodbye, unless that was said, and reports whether the server
	// did too.
	quit() bool
	// close ends the connection and everything that reads from it.
	close()
}

// surroundings is what a dialog is given.
type surroundings struct {
	wire       *wire
	server     mailbox.Server
	sender     string
	tokens     bool // the sign-in is with a token
	shortLines bool // the server has not taken a long line
	fact       func(name string, value any)
}

// checks begin the dialog of each protocol.
var checks = map[Protocol]func(surroundings) Check{}

// checking enters a protocol's check; each has a file of its own.
func checking(p Protocol, begin func(surroundings) Check) Protocol {
	checks[p] = begin
	return p
}

// close and leaving are those of a dialog that no library holds.
func (s surroundings) close()        { _ = s.wire.Close() }
func (s surroundings) leaving() bool { return false }

// startTLSFirst reports whether the connection is still to be encrypted.
func (s surroundings) startTLSFirst() bool { return s.server.Security == mailbox.SecuritySTARTTLS }

// refusal is a server's "no" in its own words, masked.
type refusal struct{ text string }

func (r refusal) Error() string { return "the server refused: " + r.text }

func isRefusal(err error) bool {
	_, is := errors.AsType[refusal](err)
	return is
}

// words are what the server said in a refusal.
func words(err error) string {
	no, _ := errors.AsType[refusal](err)
	return no.text
}

func (s surroundings) refused(text string) error {
	return refusal{text: s.wire.log.mask(text)}
}

var errNoSTARTTLS = errors.New("the server does not offer STARTTLS")

// errUnheard: the server refused the mechanism before it heard who signs in.
var errUnheard = errors.New("the sign-in was refused before anything was said")

var errLongLine = errors.New("the server does not take the sign-in in one line")

// errClosed: the server ended the connection, without a word of the protocol.
var errClosed = fmt.Errorf("the server closed the connection: %w", io.ErrUnexpectedEOF)

// broken explains an error that is no refusal: what ended the connection, or
// else that the server does not keep to the protocol.
func (s surroundings) broken(err error) error {
	switch cause := s.wire.failed(); {
	case errors.Is(cause, io.EOF):
		return errClosed
	case cause != nil && !errors.Is(cause, net.ErrClosed) && !errors.Is(cause, io.ErrClosedPipe):
		return cause // unless it is the library that has closed the connection
	case errors.Is(err, errProtocol):
		return err
	}
	return s.nonsense(err.Error())
}

// nonsense is an answer that is not of this protocol.
func (s surroundings) nonsense(text string) error {
	return fmt.Errorf("%w: %s", errProtocol, s.wire.log.mask(text))
}

// maxWords is how many capabilities are kept; servers have some twenty.
const maxWords = 100

// shownWords makes what a server lists fit to be kept.
func (s surroundings) shownWords(words []string) []string {
	out := make([]string, 0, min(len(words), maxWords))
	for _, w := range words[:min(len(words), maxWords)] {
		out = append(out, s.wire.log.mask(w))
	}
	return out
}
