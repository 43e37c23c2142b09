package mailtest

import (
	"bytes"
	"net"
	"sync"
)

// maxFirst is how many bytes are kept as evidence.
const maxFirst = 512

// tap keeps the first bytes that come in over a connection: they tell what
// answers in place of the protocol, or of TLS.
type tap struct {
	net.Conn
	mu    sync.Mutex
	bytes []byte
}

func (t *tap) Read(p []byte) (int, error) {
	n, err := t.Conn.Read(p)
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := maxFirst - len(t.bytes); room > 0 {
		t.bytes = append(t.bytes, p[:min(room, n)]...)
	}
	return n, err
}

func (t *tap) first() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.bytes)
}

// prompt is a connection that acknowledges at once what it receives after a
// write. An acknowledgement is otherwise held back, for 40 ms and more, until
// there is something to send; and a server that follows TLS with a session
// ticket (OpenSSL does, asked or not) and then with its answer holds back the
// answer until the ticket is acknowledged (RFC 896; RFC 9293, section 3.7.4).
// Nothing that we could write would come between them.
type prompt struct{ *net.TCPConn }

// prompted makes a connection prompt, where it is one of TCP.
func prompted(c net.Conn) net.Conn {
	if tcp, ok := c.(*net.TCPConn); ok {
		return prompt{tcp}
	}
	return c
}

// Write sends and asks the system for prompt acknowledgements again: Linux
// goes back to its own way with each write.
func (p prompt) Write(b []byte) (int, error) {
	n, err := p.TCPConn.Write(b)
	if raw, e := p.SyscallConn(); e == nil {
		_ = raw.Control(acknowledgeAtOnce)
	}
	return n, err
}
