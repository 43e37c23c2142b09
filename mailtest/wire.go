package mailtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	maxLine  = 64 << 10 // bytes in one line from a server
	maxTotal = 4 << 20  // bytes in one connection
)

// errProtocol is wrapped by every error that says that the peer does not
// follow the protocol.
var errProtocol = errors.New("not the expected protocol")

var (
	errLineTooLong = fmt.Errorf("%w: a line is longer than %d bytes", errProtocol, maxLine)
	errTooMuch     = fmt.Errorf("%w: more than %d bytes without coming to an end", errProtocol, maxTotal)
	errCutLine     = fmt.Errorf("the connection ended inside a line: %w", io.ErrUnexpectedEOF)
	errUnsaid      = errors.New("a line that is not to be said")
)

// quirks adapt what a server says to what a library understands, and the
// other way round. The wire calls them one at a time.
type quirks interface {
	// received is given every line, with its line break, and returns what the
	// library gets to see: nothing at all, or whole lines. A line that is not
	// of the protocol (ok is false) ends the connection.
	received(line string) (shown string, ok bool)
	// sending is given every line the client sends, and tells whether it is to
	// be said. Else writing it fails, and the connection goes on.
	sending(line string) (said bool)
	// owes reports whether the library is to say something before it may see
	// more.
	owes() bool
}

// wire is the one connection below IMAP, POP3 and SMTP. The libraries bound
// neither a line nor the whole (an endless line took 230 MB in three
// seconds), hide the greeting and set deadlines of their own; the wire bounds
// both, hands over whole lines only, keeps a masked transcript and ends with
// its context alone.
//
// At any time one goroutine reads: a library only while it owes nothing
// (quirks.owes), our own dialog else. Several may write, whole lines each.
type wire struct {
	*tap // plain, later TLS; not used for reading and writing by others
	ctx  context.Context
	log  *transcript

	// Of the reading side.
	in    []byte // received, not yet a whole line
	out   []byte // whole lines the library has not read yet
	total int

	mu     sync.Mutex
	err    error  // what ended the connection; the first one counts
	half   []byte // sent, not yet a whole line
	quirks quirks

	spoke  chan struct{} // holds a token when the client has sent something
	closed chan struct{}
	once   sync.Once
}

func newWire(ctx context.Context, conn net.Conn, log *transcript) *wire {
	return &wire{tap: &tap{Conn: conn}, ctx: ctx, log: log, spoke: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (w *wire) Read(p []byte) (int, error) {
	for len(w.out) == 0 {
		if err := w.awaitAnswer(); err != nil {
			return 0, err
		}
		line, err := w.readRaw()
		if err != nil {
			return 0, err
		}
		shown, ok := w.filter(string(line))
		if !ok {
			return 0, w.fail(fmt.Errorf("%w: %s", errProtocol, w.log.mask(strings.TrimSpace(string(line)))))
		}
		w.out = []byte(shown)
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// awaitAnswer returns when the library may see more, or an error when it never
// will.
func (w *wire) awaitAnswer() error {
	for w.owed() {
		select {
		case <-w.spoke:
		case <-w.closed:
			return net.ErrClosed
		case <-w.ctx.Done():
			return w.fail(context.Cause(w.ctx))
		}
	}
	return nil
}

func (w *wire) owed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.quirks != nil && w.quirks.owes()
}

func (w *wire) filter(line string) (string, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.quirks == nil {
		return line, true
	}
	return w.quirks.received(line)
}

// readLine reads a line for our own dialogs, without its line break.
func (w *wire) readLine() (string, error) {
	line, err := w.readRaw()
	return strings.TrimRight(string(line), "\r\n"), err
}

// readRaw returns the next line with its line break.
func (w *wire) readRaw() ([]byte, error) {
	// Once failed, always failed: a library that tries again must not get
	// what came later.
	if err := w.failed(); err != nil {
		return nil, err
	}
	for {
		if i := bytes.IndexByte(w.in, '\n'); i >= 0 && i < maxLine {
			line := w.in[:i+1]
			w.in = w.in[i+1:]
			w.log.received(strings.TrimRight(string(line), "\r\n"))
			return line, nil
		}
		if len(w.in) >= maxLine {
			return nil, w.fail(errLineTooLong)
		}
		if err := w.fill(); err != nil {
			return nil, err
		}
	}
}

func (w *wire) fill() error {
	var buf [4096]byte
	n, err := w.tap.Read(buf[:])
	w.in = append(w.in, buf[:n]...)
	if w.total += n; w.total > maxTotal {
		return w.fail(errTooMuch)
	}
	switch {
	case n > 0 || err == nil:
		return nil
	case errors.Is(err, io.EOF) && len(w.in) > 0:
		w.log.received(string(w.in))
		return w.fail(errCutLine)
	}
	return w.fail(err)
}

// Write sends what a library or our own dialogs say.
func (w *wire) Write(p []byte) (int, error) {
	if !w.says(p) {
		return 0, errUnsaid
	}
	n, err := w.Conn.Write(p)
	if err != nil {
		return n, w.fail(err)
	}
	return n, nil
}

// says keeps the transcript of the sending side and asks the quirks.
func (w *wire) says(p []byte) bool {
	defer w.noteSpoken()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.half = append(w.half, p...)
	for {
		i := bytes.IndexByte(w.half, '\n')
		if i < 0 {
			return true
		}
		line := strings.TrimRight(string(w.half[:i]), "\r")
		w.half = w.half[i+1:]
		if w.quirks != nil && !w.quirks.sending(line) {
			return false
		}
		w.log.sent(line)
	}
}

func (w *wire) noteSpoken() {
	select {
	case w.spoke <- struct{}{}:
	default:
	}
}

// send writes lines of our own, all at once.
func (w *wire) send(lines ...string) error {
	_, err := w.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return err
}

// fail records what ended the connection. The end of the context explains
// every error that follows from it.
func (w *wire) fail(err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return w.err
	}
	if w.ctx.Err() != nil {
		err = context.Cause(w.ctx)
	}
	w.err = err
	return err
}

func (w *wire) failed() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// hand gives the wire to a library: the greeting that our own dialog has read
// already is replayed, so that the library finds the server it expects.
func (w *wire) hand(greeting string, q quirks) {
	w.out = []byte(greeting)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.quirks = q
}

// buffered reports whether bytes have come that nobody asked for. Before a
// TLS handshake they are somebody else's (RFC 8314 names it command
// injection).
func (w *wire) buffered() bool { return len(w.in) > 0 }

// Close ends the connection without the farewell of TLS, which would wait for
// a peer that does not read.
func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return w.Conn.Close()
}

// SetDeadline, SetReadDeadline and SetWriteDeadline do nothing: the context
// ends the connection, not a library.
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
