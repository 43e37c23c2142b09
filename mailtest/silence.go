package mailtest

import (
	"context"
	"fmt"
	"time"

	"mailgrant/internal/mailbox"
)

// silence is how long a server that should speak first may say nothing before
// it is suspected to wait for TLS. Some that speak in the clear wait longer
// than that; they are waited for.
const silence = 2 * time.Second

// errTLSPort: the server waits for TLS where the definition says that it
// speaks in the clear first.
var errTLSPort = fmt.Errorf("%w: the port speaks TLS at once", errProtocol)

// suspectTLS watches a server that should speak first. Should it be silent, a
// second connection finds out whether it waits for TLS; then the first one is
// ended. The returned function ends the watching and reports whether it does.
func (s *session) suspectTLS() (waits func() bool) {
	if s.server.Security == mailbox.SecurityTLS {
		return func() bool { return false }
	}
	ctx, cancel := context.WithCancel(s.ctx)
	raw, found := s.raw, make(chan bool, 1)
	go func() {
		select {
		case <-ctx.Done():
			found <- false
		case <-time.After(silence):
			takes := s.takesTLS(ctx)
			if takes {
				raw.Close()
			}
			found <- takes
		}
	}()
	return func() bool {
		cancel()
		return <-found
	}
}

// takesTLS tries a handshake, and no more than that, on a connection of its
// own.
func (s *session) takesTLS(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, silence/2)
	defer cancel()
	conn, err := s.r.cfg.Dial(ctx, s.address)
	if err != nil {
		return false
	}
	defer conn.Close()
	tapped := &tap{Conn: conn}
	_, err = untrusted(ctx, tapped, s.server.Host)
	s.silent = tapped.first()
	return err == nil
}
