package loopback

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
)

// listenScript plays the system: one outcome for each attempt on ::1.
func listenScript(t *testing.T, v6 ...error) (ListenFunc, *int) {
	tries := 0
	return func(ctx context.Context, network, address string) (net.Listener, error) {
		if network == "tcp6" {
			err := v6[min(tries, len(v6)-1)]
			tries++
			if err != nil {
				return nil, &net.OpError{Op: "listen", Net: network, Err: os.NewSyscallError("bind", err)}
			}
			address = "127.0.0.1:0" // stands in for ::1
			network = "tcp4"
		}
		var c net.ListenConfig
		l, err := c.Listen(ctx, network, address)
		if err == nil {
			t.Cleanup(func() { l.Close() })
		}
		return l, err
	}, &tries
}

func TestListenLoopback(t *testing.T) {
	cases := []struct {
		name      string
		v6        []error
		listeners int
		tries     int
	}{
		{"both", []error{nil}, 2, 1},
		{"taken, then free", []error{syscall.EADDRINUSE, syscall.EADDRINUSE, nil}, 2, 3},
		{"no IPv6 address", []error{syscall.EADDRNOTAVAIL}, 1, 1},
		{"no IPv6 at all", []error{syscall.EAFNOSUPPORT}, 1, 1},
		{"always taken", []error{syscall.EADDRINUSE}, 0, portTries},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			listen, tries := listenScript(t, tc.v6...)
			listeners, port, err := Listen(t.Context(), listen)
			if len(listeners) != tc.listeners || *tries != tc.tries {
				t.Errorf("%d listeners after %d tries", len(listeners), *tries)
			}
			if tc.listeners == 0 && !errors.Is(err, syscall.EADDRINUSE) || tc.listeners > 0 && (err != nil || port == 0) {
				t.Error(port, err)
			}
		})
	}
}
