// Package loopback opens ports that only this machine reaches.
package loopback

import (
	"context"
	"net"
	"strconv"
)

// ListenFunc opens a listener, as net.ListenConfig.Listen does.
type ListenFunc func(ctx context.Context, network, address string) (net.Listener, error)

// portTries is how many ports are tried when the IPv6 side is taken.
const portTries = 16

// Listen opens 127.0.0.1 and, where there is IPv6, ::1 on the same port. A
// program may resolve localhost to either; if another program holds the port on
// ::1, what is meant for us could go there, so another port is tried. A listen
// of nil is the system's; errors are its.
func Listen(ctx context.Context, listen ListenFunc) (listeners []net.Listener, port int, err error) {
	if listen == nil {
		config := net.ListenConfig{Control: exclusive}
		listen = config.Listen
	}
	for range portTries {
		v4, err4 := listen(ctx, "tcp4", "127.0.0.1:0")
		if err4 != nil {
			return nil, 0, err4
		}
		port = v4.Addr().(*net.TCPAddr).Port
		var v6 net.Listener
		v6, err = listen(ctx, "tcp6", net.JoinHostPort("::1", strconv.Itoa(port)))
		switch {
		case err == nil:
			return []net.Listener{v4, v6}, port, nil
		case !portTaken(err):
			return []net.Listener{v4}, port, nil // no IPv6 here
		}
		_ = v4.Close()
	}
	return nil, 0, err
}
