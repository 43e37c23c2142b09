//go:build hostile

package hostile

import (
	"crypto/tls"
	"io"
	"net"
	"sync"

	"mailgrant/internal/certificate"
)

var (
	root     = certificate.Root("Hostile root") // the one that the definitions trust
	foreign  = certificate.Root("Somebody's root")
	stranger = certificate.Sign(certificate.Server("localhost"), nil)
	honest   = sync.OnceValue(func() *tls.Config { return root.For("localhost").Config() })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// limit lets a number of bytes out.
type limit struct {
	net.Conn
	left int
}

func (l *limit) Write(b []byte) (int, error) {
	n := min(len(b), l.left)
	l.left -= n
	if _, err := l.Conn.Write(b[:n]); err != nil || n < len(b) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// bent changes one byte of what goes out.
type bent struct {
	net.Conn
	at int
}

func (c *bent) Write(b []byte) (int, error) {
	out := append([]byte(nil), b...)
	if c.at >= 0 && c.at < len(out) {
		out[c.at] ^= 0x55
	}
	c.at -= len(out)
	return c.Conn.Write(out)
}

// slow writes each byte by itself.
type slow struct{ net.Conn }

func (c *slow) Write(b []byte) (int, error) {
	for i := range b {
		if _, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}
