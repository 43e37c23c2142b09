package mailtest

import (
	"bufio"
	"io"
	"net"
	"syscall"
	"testing"

	"mailgrant/tests/freeport"
)

// A conversation makes the system hold back its acknowledgements; a prompt
// connection takes that back with each write.
func TestPrompt(t *testing.T) {
	at := freeport.Serve(t, func(c net.Conn) { _, _ = io.Copy(c, c) })
	for name, want := range map[string]bool{"plain": false, "prompt": true} {
		conn, err := net.Dial("tcp", at.String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		tcp := conn.(*net.TCPConn)
		if want {
			conn = prompted(conn)
		}
		r := bufio.NewReader(conn)
		for range 3 {
			if _, err := io.WriteString(conn, "NOOP\r\n"); err != nil {
				t.Fatal(err)
			}
			if _, err := r.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := io.WriteString(conn, "NOOP\r\n"); err != nil {
			t.Fatal(err)
		}
		raw, _ := tcp.SyscallConn()
		_ = raw.Control(func(fd uintptr) {
			quick, err := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK)
			if err != nil || quick == 1 != want {
				t.Errorf("%s: quick %d (%v)", name, quick, err)
			}
		})
	}
}
