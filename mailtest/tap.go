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
