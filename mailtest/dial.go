package mailtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"mailgrant/internal/mailbox"
)

// dialDelay is how long one address has for itself before the next one is
// tried beside it (RFC 8305, section 5, recommends 250 ms).
const dialDelay = 300 * time.Millisecond

// Resolver finds the addresses of a host.
type Resolver func(ctx context.Context, host string) ([]netip.Addr, error)

// Dialer opens one connection to one address.
type Dialer func(ctx context.Context, address netip.AddrPort) (net.Conn, error)

func systemResolver(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

func systemDialer(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", address.String())
}

// resolve returns the addresses in the order in which they are to be tried:
// the families take turns, the resolver's first one begins.
func resolve(ctx context.Context, r Resolver, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	found, err := r(ctx, host)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, &net.DNSError{Err: "no address", Name: host, IsNotFound: true}
	}
	left := make([]netip.Addr, len(found))
	for i, a := range found {
		left[i] = a.Unmap()
	}
	var order []netip.Addr
	for is4 := left[0].Is4(); len(left) > 0; is4 = !is4 {
		// Once one family is used up the rest is the other's.
		i := max(0, slices.IndexFunc(left, func(a netip.Addr) bool { return a.Is4() == is4 }))
		order, left = append(order, left[i]), slices.Delete(left, i, i+1)
	}
	return order, nil
}

type attempt struct {
	address netip.AddrPort
	conn    net.Conn
	err     error
	took    time.Duration
}

func (a attempt) fact() map[string]any {
	result := "connected"
	if a.err != nil {
		result = a.err.Error()
	}
	return map[string]any{"address": a.address.String(), "result": result, "duration_ms": a.took.Milliseconds()}
}

// dial tries the addresses, one after the other but not waiting for each to
// fail; the first that answers wins. It returns everything that was tried, in
// order of its end, and leaves nothing running.
func dial(ctx context.Context, d Dialer, addresses []netip.Addr, port int) (net.Conn, []attempt) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan attempt)
	running := 0
	start := func(a netip.Addr) {
		running++
		go func() {
			began := time.Now()
			at := attempt{address: netip.AddrPortFrom(a, uint16(port))}
			at.conn, at.err = d(ctx, at.address)
			at.took = time.Since(began)
			done <- at
		}()
	}
	var (
		won   net.Conn
		tried []attempt
		timer = time.NewTimer(0)
	)
	defer timer.Stop()
	for running > 0 || (won == nil && len(addresses) > 0 && ctx.Err() == nil) {
		var next <-chan time.Time
		if won == nil && len(addresses) > 0 && ctx.Err() == nil {
			next = timer.C
		}
		select {
		case <-next:
			start(addresses[0])
			addresses = addresses[1:]
			timer.Reset(dialDelay)
		case at := <-done:
			running--
			switch {
			case at.err == nil && won == nil:
				won = at.conn
				cancel()
			case at.err == nil:
				at.conn.Close() // both answered at once
				continue
			case won != nil && errors.Is(at.err, context.Canceled):
				continue // we broke it off ourselves
			default:
				timer.Reset(0) // the next one need not wait
			}
			tried = append(tried, at)
		}
	}
	return won, tried
}

// dialError chooses the error that tells most where nothing answered: IPv4 is the family that is
// expected to work everywhere, so a missing IPv6 route is only the reason if
// nothing else was tried.
func dialError(ctx context.Context, tried []attempt) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return tried[max(0, slices.IndexFunc(tried, func(at attempt) bool { return at.address.Addr().Is4() }))].err
}

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
	_, err = encrypt(ctx, tapped, s.server.Host, nil)
	s.silent = tapped.first()
	return err == nil
}
