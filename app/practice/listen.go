package practice

import (
	"errors"
	"log"
	"net"
	"strconv"
	"sync"
	"syscall"
)

// listenLoopback listens on 127.0.0.1 and, where there is IPv6, on [::1] at
// the same port: "localhost" may mean either, and a port that somebody else
// holds on the other one would lead clients astray.
func listenLoopback() ([]net.Listener, int, error) {
	var lastErr error
	for range 20 {
		l4, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, 0, err
		}
		port := l4.Addr().(*net.TCPAddr).Port
		l6, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
		switch {
		case err == nil:
			return []net.Listener{l4, l6}, port, nil
		case !portTaken(err):
			return []net.Listener{l4}, port, nil // no IPv6 here
		}
		lastErr = errors.Join(err, l4.Close())
	}
	return nil, 0, lastErr
}

// portTaken tells a port in use (on Windows also one reserved, WSAEACCES)
// from a machine without IPv6.
func portTaken(err error) bool {
	const wsaeaddrinuse, wsaeacces = syscall.Errno(10048), syscall.Errno(10013)
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, wsaeaddrinuse) || errors.Is(err, wsaeacces)
}

// server is a mail server on its listeners. It knows every open connection,
// which the libraries do not let one wait for.
type server struct {
	listeners []net.Listener
	done      sync.WaitGroup // accept loops and connections

	mu     sync.Mutex
	conns  map[*trackedConn]struct{}
	closed bool
}

func startServer(listeners []net.Listener, serve func(net.Listener) error) *server {
	s := &server{listeners: listeners, conns: map[*trackedConn]struct{}{}}
	for _, l := range listeners {
		s.done.Go(func() { _ = serve(trackingListener{l, s}) }) // ends with its listener
	}
	return s
}

func (s *server) close() {
	for _, l := range s.listeners {
		_ = l.Close()
	}
	s.mu.Lock()
	s.closed = true
	for c := range s.conns {
		_ = c.Conn.Close() // wakes the handler, which then closes c
	}
	s.mu.Unlock()
	s.done.Wait()
}

type trackingListener struct {
	net.Listener
	server *server
}

// Accept implements net.Listener.
func (l trackingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &trackedConn{Conn: conn, server: l.server}
	l.server.mu.Lock()
	defer l.server.mu.Unlock()
	if l.server.closed {
		_ = conn.Close()
		return nil, net.ErrClosed
	}
	l.server.conns[c] = struct{}{}
	l.server.done.Add(1)
	return c, nil
}

// trackedConn is done when its handler closes it.
type trackedConn struct {
	net.Conn
	server *server
	once   sync.Once
}

// Close implements net.Conn.
func (c *trackedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		c.server.mu.Lock()
		delete(c.server.conns, c)
		c.server.mu.Unlock()
		c.server.done.Done()
	})
	return err
}

func (t *Tenant) libraryLog() *log.Logger { return log.New(libraryWriter{t.log}, "", 0) }
