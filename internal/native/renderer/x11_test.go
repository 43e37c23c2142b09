//go:build !windows

package renderer

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"testing"
)

func TestSplitDisplay(t *testing.T) {
	for display, want := range map[string][2]string{
		":0": {"", "0"}, ":77.1": {"", "77"}, "host:10.0": {"host", "10"}, "unix:3": {"unix", "3"}, "::1:4": {"::1", "4"},
	} {
		host, number, err := splitDisplay(display)
		if err != nil || host != want[0] || number != want[1] {
			t.Errorf("%q: %q %q %v", display, host, number, err)
		}
	}
	for _, display := range []string{"", "x", ":", ":a", ":1a", ":../x"} {
		if _, _, err := splitDisplay(display); err == nil {
			t.Errorf("%q was taken", display)
		}
	}
}

func authority(number, kind, key string) []byte {
	out := []byte{1, 0}
	for _, field := range []string{"host", number, kind, key} {
		out = binary.BigEndian.AppendUint16(out, uint16(len(field)))
		out = append(out, field...)
	}
	return out
}

func TestFindCookie(t *testing.T) {
	file := append(append(authority("5", "XDM-AUTHORIZATION-1", "no"), authority("6", cookieName, "six")...), authority("5", cookieName, "five")...)
	if got := string(findCookie(file, "5")); got != "five" {
		t.Errorf("%q", got)
	}
	if got := string(findCookie(append(authority("", cookieName, "any"), file...), "5")); got != "any" {
		t.Errorf("%q", got)
	}
	for n := range file { // cut off anywhere: no panic
		findCookie(file[:n], "9")
	}
}

// server plays an X server for one client.
func server(t *testing.T, conn net.Conn, accept, present byte, cookie string) {
	t.Helper()
	defer conn.Close()
	head := make([]byte, 12)
	if _, err := io.ReadFull(conn, head); err != nil {
		t.Error(err)
		return
	}
	rest := make([]byte, pad(int(head[6]))+pad(int(head[8])))
	if _, err := io.ReadFull(conn, rest); err != nil {
		t.Error(err)
		return
	}
	if head[0] != 'l' || head[2] != 11 || !bytes.Contains(rest, []byte(cookie)) {
		t.Errorf("setup %q %q", head, rest)
	}
	_, _ = conn.Write(append([]byte{accept, 0, 11, 0, 0, 0, 2, 0}, make([]byte, 8)...))
	if accept != 1 {
		return
	}
	query := make([]byte, 12)
	if _, err := io.ReadFull(conn, query); err != nil {
		t.Error(err)
		return
	}
	if query[0] != 98 || query[2] != 3 || query[4] != 3 || string(query[8:11]) != "GLX" {
		t.Errorf("query %q", query)
	}
	reply := make([]byte, 32)
	reply[0], reply[8] = 1, present
	_, _ = conn.Write(reply)
}

func pad(n int) int { return (n + 3) / 4 * 4 }

func TestHasExtension(t *testing.T) {
	for _, tc := range []struct {
		accept, present byte
		cookie          string
		want, fails     bool
	}{
		{1, 1, "", true, false}, {1, 0, "", false, false}, {1, 1, "0123456789abcdef", true, false}, {0, 0, "wrong", false, true},
	} {
		ours, theirs := net.Pipe()
		go server(t, theirs, tc.accept, tc.present, tc.cookie)
		var cookie []byte
		if tc.cookie != "" {
			cookie = []byte(tc.cookie)
		}
		has, err := hasExtension(ours, "GLX", cookie)
		if has != tc.want || (err != nil) != tc.fails {
			t.Errorf("%+v: %v, %v", tc, has, err)
		}
		ours.Close()
	}
}
