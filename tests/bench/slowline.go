//go:build bench

package main

import (
	"context"
	"io"
	"net"
	"time"

	"mailgrant/internal/mailbox"
)

// distant returns a definition whose mail servers are a round trip of that
// length away.
func distant(ctx context.Context, d mailbox.Definition, roundTrip time.Duration) (far mailbox.Definition, err error) {
	far = d.Clone()
	for _, s := range far.Servers {
		if s.Port, err = slowLine(ctx, s.Port, roundTrip); err != nil {
			return far, err
		}
	}
	return far, nil
}

// slowLine is a port whose answers come from another one, a round trip later.
// On loopback a connection stands at once; here the server learns of it a
// round trip later, so that this one counts too.
func slowLine(ctx context.Context, to int, roundTrip time.Duration) (port int, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return slowly(ctx, l, roundTrip, func() (line, error) {
		return net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: to})
	}), nil
}

// line is a connection of which one direction can be ended.
type line interface {
	net.Conn
	CloseWrite() error
}

// slowly serves a listener with the connections that dial makes, as long as the
// context lasts.
func slowly(ctx context.Context, l net.Listener, roundTrip time.Duration, dial func() (line, error)) (port int) {
	context.AfterFunc(ctx, func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go connect(c, dial, roundTrip)
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func connect(c net.Conn, dial func() (line, error), roundTrip time.Duration) {
	defer c.Close()
	time.Sleep(roundTrip)
	server, err := dial()
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, c)
		_ = server.CloseWrite()
	}()
	type piece struct {
		data []byte
		due  time.Time
	}
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			data := make([]byte, 16<<10)
			n, err := server.Read(data)
			if n > 0 {
				pieces <- piece{data[:n], time.Now().Add(roundTrip)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.due))
		if _, err := c.Write(p.data); err != nil {
			break
		}
	}
	for range pieces { //nolint:revive // until the reader has ended
	}
}
