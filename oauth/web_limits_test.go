package oauth

import (
	"io"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// clients is a listener that these clients reach.
type clients chan net.Conn

func (c clients) Accept() (net.Conn, error) {
	if conn, open := <-c; open {
		return conn, nil
	}
	return nil, net.ErrClosed
}

func (c clients) Close() error { close(c); return nil }

func (c clients) Addr() net.Addr { return &net.TCPAddr{} }

// Who takes his time is let go while the sign-in waits. Without a limit all of
// the bubble waits for ever, which fails the test; its clock is not the machine's.
func TestListenerLetsSlowClientsGo(t *testing.T) {
	for name, c := range map[string]struct {
		says  string
		deaf  bool // does not read the answer
		limit time.Duration
	}{
		"in the header":     {"GET / HTTP/1.1\r\nHost: localhost:1\r\nX-Slow: ", false, headerLimit},
		"in the form":       {"POST / HTTP/1.1\r\nHost: localhost:1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nstate=", false, bodyLimit},
		"before the answer": {"GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", true, answerLimit},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, l, began := newWeb(authRequest{}, "1"), make(clients), time.Now()
				w.serve([]net.Listener{l}, slog.New(slog.DiscardHandler))
				defer w.close()
				client, server := net.Pipe()
				defer client.Close()
				l <- server
				_, _ = io.WriteString(client, c.says)
				if c.deaf {
					for err := error(nil); err == nil; { // what nobody reads is written when the server has gone
						_, err = client.Write([]byte("x"))
					}
				} else {
					_, _ = io.Copy(io.Discard, client)
				}
				if took := time.Since(began); took > c.limit+time.Second {
					t.Errorf("let go after %s of the bubble's clock", took)
				}
			})
		})
	}
}
