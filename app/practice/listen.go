package practice

import (
	"context"
	"log"
	"net"
	"sync"
)

// serve lets a mail server answer on listeners until the tenant closes. It
// knows every open connection, which the libraries do not let one wait for.
func (t *Tenant) serve(listeners []net.Listener, answer func(net.Listener) error) {
	for _, l := range listeners {
		context.AfterFunc(t.ctx, func() { _ = l.Close() })
		t.serving.Go(func() { _ = answer(trackingListener{l, t}) }) // ends with its listener
	}
}

// trackingListener's connections are closed with the tenant, which wakes their
// handlers.
type trackingListener struct {
	net.Listener
	tenant *Tenant
}

func (l trackingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.tenant.serving.Add(1)
	forget := context.AfterFunc(l.tenant.ctx, func() { _ = conn.Close() })
	return trackedConn{conn, sync.OnceFunc(func() {
		forget()
		l.tenant.serving.Done()
	})}, nil
}

// trackedConn is done when its handler closes it.
type trackedConn struct {
	net.Conn
	done func()
}

func (c trackedConn) Close() error {
	defer c.done()
	return c.Conn.Close()
}

func (t *Tenant) libraryLog() *log.Logger { return log.New(libraryWriter{t.log}, "", 0) }
