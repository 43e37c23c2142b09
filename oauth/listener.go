package oauth

import (
	"context"
	"net"
	"strconv"

	"mailgrant/internal/diagnosis"
)

// listenFunc opens a listener; net.ListenConfig.Listen with the system's
// options is the real one.
type listenFunc func(ctx context.Context, network, address string) (net.Listener, error)

// portTries is how many ports are tried when the IPv6 side is taken.
const portTries = 16

// listenLoopback opens 127.0.0.1 and, where there is IPv6, ::1 on the same
// port. A browser may resolve localhost to either; if another program holds
// the port on ::1, the answer could go there, so another port is tried.
func listenLoopback(ctx context.Context, listen listenFunc) ([]net.Listener, string, error) {
	if listen == nil {
		config := net.ListenConfig{Control: exclusive}
		listen = config.Listen
	}
	var last error
	for range portTries {
		v4, err := listen(ctx, "tcp4", "127.0.0.1:0")
		if err != nil {
			return nil, "", reason(diagnosis.CauseLoopbackUnavailable, diagnosis.PhaseAuthorize, err.Error())
		}
		port := strconv.Itoa(v4.Addr().(*net.TCPAddr).Port)
		v6, err := listen(ctx, "tcp6", net.JoinHostPort("::1", port))
		switch {
		case err == nil:
			return []net.Listener{v4, v6}, port, nil
		case !portTaken(err):
			return []net.Listener{v4}, port, nil // no IPv6 here
		}
		_ = v4.Close()
		last = err
	}
	return nil, "", reason(diagnosis.CauseLoopbackUnavailable, diagnosis.PhaseAuthorize, last.Error())
}
