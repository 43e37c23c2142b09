package oauth

import (
	"context"
	"net"
	"os"
	"syscall"
	"testing"

	"mailgrant/internal/diagnosis"
)

// listenScript plays the system: one outcome for each attempt on ::1.
func listenScript(t *testing.T, v6 ...error) (listenFunc, *int) {
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
			listeners, port, err := listenLoopback(t.Context(), listen)
			if len(listeners) != tc.listeners || *tries != tc.tries {
				t.Errorf("%d listeners after %d tries", len(listeners), *tries)
			}
			if tc.listeners == 0 {
				if causeOf(err) != diagnosis.CauseLoopbackUnavailable {
					t.Error(err)
				}
			} else if err != nil || port == "" {
				t.Error(port, err)
			}
		})
	}
	failing := func(context.Context, string, string) (net.Listener, error) { return nil, syscall.EACCES }
	c := testClientFor(t)
	c.listen = failing
	_, _, _, err := run(t, c, newFake(t).definition())
	if causeOf(err) != diagnosis.CauseLoopbackUnavailable {
		t.Error(err)
	}
}
