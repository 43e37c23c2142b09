//go:build !windows

package renderer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var errNoServer = errors.New("renderer: no X server answers")

// serverHas asks the X server of a display for an extension. It speaks the
// first two requests of the protocol (X Window System Protocol, X11R7,
// "Connection Setup" and "QueryExtension") in little-endian byte order.
func serverHas(display, extension string) (bool, error) {
	host, number, err := splitDisplay(display)
	if err != nil {
		return false, err
	}
	network, address := "unix", "/tmp/.X11-unix/X"+number
	switch {
	case strings.HasPrefix(display, "/"):
		address = display
	case host != "" && host != "unix":
		var port int
		if _, err := fmt.Sscanf(number, "%d", &port); err != nil {
			return false, err
		}
		network, address = "tcp", net.JoinHostPort(host, fmt.Sprint(6000+port))
	}
	conn, err := (&net.Dialer{Timeout: timeLimit}).Dial(network, address)
	if err != nil && network == "unix" {
		conn, err = net.Dial(network, "@"+address) // Linux's abstract sockets
	}
	if err != nil {
		return false, errors.Join(errNoServer, err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(timeLimit)); err != nil {
		return false, err
	}
	return hasExtension(conn, extension, cookieFor(number))
}

// splitDisplay takes a display's name apart: host:number.screen.
func splitDisplay(display string) (host, number string, err error) {
	i := strings.LastIndex(display, ":")
	if i < 0 {
		return "", "", fmt.Errorf("renderer: DISPLAY %q has no number", display)
	}
	number, _, _ = strings.Cut(display[i+1:], ".")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", "", fmt.Errorf("renderer: DISPLAY %q has no number", display)
	}
	return display[:i], number, nil
}

const cookieName = "MIT-MAGIC-COOKIE-1"

// cookieFor reads the user's key to a display, nil if there is none.
func cookieFor(number string) []byte {
	file := os.Getenv("XAUTHORITY")
	if file == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil
		}
		file = filepath.Join(home, ".Xauthority")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return findCookie(data, number)
}

// findCookie looks a display's key up in an authority file: records of a
// family and four texts (address, number, kind, key), each with its length in
// two bytes, big end first (Xau library, "Xau.h"). The address is not compared.
func findCookie(data []byte, number string) []byte {
	for len(data) > 2 {
		data = data[2:]
		var field [4][]byte
		for i := range field {
			if len(data) < 2 {
				return nil
			}
			n := int(binary.BigEndian.Uint16(data))
			if data = data[2:]; len(data) < n {
				return nil
			}
			field[i], data = data[:n], data[n:]
		}
		if string(field[2]) == cookieName && (len(field[1]) == 0 || string(field[1]) == number) {
			return field[3]
		}
	}
	return nil
}

// hasExtension sets the connection up and asks.
func hasExtension(conn io.ReadWriter, extension string, cookie []byte) (bool, error) {
	var name string
	if cookie != nil {
		name = cookieName
	}
	var setup bytes.Buffer
	words(&setup, 'l', 11, 0, uint16(len(name)), uint16(len(cookie)), 0)
	padded(&setup, []byte(name))
	padded(&setup, cookie)
	if _, err := conn.Write(setup.Bytes()); err != nil {
		return false, err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(conn, head); err != nil {
		return false, fmt.Errorf("renderer: X server: %w", err)
	}
	if _, err := io.CopyN(io.Discard, conn, 4*int64(binary.LittleEndian.Uint16(head[6:]))); err != nil {
		return false, fmt.Errorf("renderer: X server: %w", err)
	}
	if head[0] != 1 {
		return false, errors.New("renderer: the X server refused the connection")
	}
	const queryExtension = 98
	var query bytes.Buffer
	words(&query, queryExtension, uint16(2+(len(extension)+3)/4), uint16(len(extension)), 0)
	padded(&query, []byte(extension))
	if _, err := conn.Write(query.Bytes()); err != nil {
		return false, err
	}
	reply := make([]byte, 32)
	if _, err := io.ReadFull(conn, reply); err != nil {
		return false, fmt.Errorf("renderer: X server: %w", err)
	}
	return reply[0] == 1 && reply[8] == 1, nil
}

func words(to *bytes.Buffer, values ...uint16) {
	for _, v := range values {
		to.Write(binary.LittleEndian.AppendUint16(nil, v))
	}
}

func padded(to *bytes.Buffer, data []byte) {
	to.Write(data)
	to.Write(make([]byte, (4-len(data)%4)%4))
}
