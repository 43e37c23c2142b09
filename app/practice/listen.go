package practice

import (
	"log"
	"net"
	"sync"
)

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
