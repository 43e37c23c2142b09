package mailtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
)

const (
	maxLine  = 64 << 10 // bytes in one line from a server
	maxTotal = 4 << 20  // bytes in one connection
	maxFirst = 512      // first bytes kept as evidence
)

// errProtocol is wrapped by every error that says that the peer does not
// follow the protocol.
var errProtocol = errors.New("not the expected protocol")

var (
	errLineTooLong = fmt.Errorf("%w: a line is longer than %d bytes", errProtocol, maxLine)
	errTooMuch     = fmt.Errorf("%w: more than %d bytes without coming to an end", errProtocol, maxTotal)
	errCutLine     = fmt.Errorf("the connection ended inside a line: %w", io.ErrUnexpectedEOF)
)

// wire is the one connection below IMAP, POP3 and SMTP: it bounds a line and
// the whole (an endless line took 230 MB in three seconds), keeps a masked
// transcript and ends with its context alone.
//
// It is used by one goroutine.
type wire struct {
	net.Conn // plain, later TLS; not used for reading and writing by others
	ctx      context.Context
	log      *transcript

	in    []byte // received, not yet read as a line
	total int
	first []byte // the first bytes received, as evidence
	err   error  // what ended the connection; the first one counts
}

func newWire(ctx context.Context, conn net.Conn, log *transcript) *wire {
	return &wire{Conn: conn, ctx: ctx, log: log}
}

// readLine returns the next line without its line break.
func (w *wire) readLine() (string, error) {
	line, err := w.readRaw()
	return strings.TrimRight(string(line), "\r\n"), err
}

// readRaw returns the next line with its line break.
func (w *wire) readRaw() ([]byte, error) {
	if w.err != nil {
		return nil, w.err // once failed, always failed
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

// fill reads more bytes.
func (w *wire) fill() error {
	var buf [4096]byte
	n, err := w.Conn.Read(buf[:])
	w.in = append(w.in, buf[:n]...)
	w.first = append(w.first, buf[:min(n, maxFirst-len(w.first))]...)
	if w.total += n; w.total > maxTotal {
		return w.fail(errTooMuch)
	}
	switch {
	case n > 0 || err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return err // of who waits; the connection can be read on
	case errors.Is(err, io.EOF) && len(w.in) > 0:
		w.log.received(string(w.in))
		return w.fail(errCutLine)
	}
	return w.fail(err)
}

// send writes lines, all at once.
func (w *wire) send(lines ...string) error {
	text := strings.Join(lines, "\r\n")
	for line := range strings.SplitSeq(text, "\r\n") {
		w.log.sent(line)
	}
	if _, err := io.WriteString(w.Conn, text+"\r\n"); err != nil {
		return w.fail(err)
	}
	return nil
}

// fail records what ended the connection. The end of the context explains
// every error that follows from it.
func (w *wire) fail(err error) error {
	if w.err == nil {
		if w.ctx.Err() != nil {
			err = context.Cause(w.ctx)
		}
		w.err = err
	}
	return w.err
}

// buffered reports whether bytes have come that nobody asked for. Before a
// TLS handshake they are somebody else's (RFC 8314 names it command
// injection).
func (w *wire) buffered() bool { return len(w.in) > 0 }
