package authorization

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/oauth"
)

// road is the network between a manager and a practice tenant: an address that
// leads to the tenant's ports until it changes. What was connected is dead then.
type road struct {
	ports []int

	mu        sync.Mutex
	n         byte   // of the address
	address   string // "" = there is no network
	listeners []net.Listener
	conns     map[net.Conn]bool
	running   sync.WaitGroup
}

// move gives the machine another address.
func (r *road) move() error {
	r.cut()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	r.address, r.conns = netip.AddrFrom4([4]byte{127, 0, 7, r.n}).String(), map[net.Conn]bool{}
	for _, port := range r.ports {
		to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port)).String()
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", r.at(port))
		if err != nil {
			return err
		}
		r.listeners = append(r.listeners, l)
		r.running.Go(func() { r.serve(l, to) })
	}
	return nil
}

func (r *road) at(port int) string {
	a, err := netip.ParseAddr(r.address)
	if err != nil {
		a = netip.AddrFrom4([4]byte{127, 0, 6, 6}) // where nobody listens
	}
	return netip.AddrPortFrom(a, uint16(port)).String()
}

// cut ends the network and everything on it.
func (r *road) cut() {
	r.mu.Lock()
	for _, l := range r.listeners {
		_ = l.Close()
	}
	for c := range r.conns {
		_ = c.Close()
	}
	r.listeners, r.address = nil, ""
	r.mu.Unlock()
	r.running.Wait()
}

func (r *road) serve(l net.Listener, to string) {
	for {
		near, err := l.Accept()
		if err != nil {
			return
		}
		far, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", to)
		if err != nil || !r.keep(near, far) {
			_ = near.Close()
			continue
		}
		r.running.Go(func() { r.carry(near, far) })
		r.running.Go(func() { r.carry(far, near) })
	}
}

// keep remembers a pair of connections, if there is still a network.
func (r *road) keep(near, far net.Conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.address == "" {
		_ = far.Close()
		return false
	}
	r.conns[near], r.conns[far] = true, true
	return true
}

func (r *road) carry(from, to net.Conn) {
	_, _ = io.Copy(to, from)
	_ = from.Close()
	_ = to.Close()
	r.mu.Lock()
	delete(r.conns, from)
	delete(r.conns, to)
	r.mu.Unlock()
}

// client makes a manager's clients use the road. They keep asking for the
// tenant by its name.
func (r *road) client(d mailbox.Definition, login redact.Secret) (*http.Client, error) {
	c, err := oauth.HTTPClient(d, login)
	if err == nil {
		c.Transport = onRoad{r, c.Transport}
	}
	return c, err
}

type onRoad struct {
	road *road
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (o onRoad) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host = r.URL.Host
	o.road.mu.Lock()
	r.URL.Host = o.road.at(portIn(r.Host))
	o.road.mu.Unlock()
	return o.next.RoundTrip(r)
}

func portIn(host string) int {
	a, err := netip.ParseAddrPort(host)
	if err != nil {
		return 0
	}
	return int(a.Port())
}

// CloseIdleConnections is found by http.Client.CloseIdleConnections.
func (o onRoad) CloseIdleConnections() {
	if c, ok := o.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// dial opens the connections of a mailbox test.
func (r *road) dial(ctx context.Context, address netip.AddrPort) (net.Conn, error) {
	r.mu.Lock()
	to := r.at(int(address.Port()))
	r.mu.Unlock()
	return (&net.Dialer{}).DialContext(ctx, "tcp", to)
}
