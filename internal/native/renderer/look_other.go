//go:build !windows

package renderer

import (
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// look finds out whether there is a display. What else fails, an X server
// without GLX for instance, GLFW tells when the window opens.
func look() Answer {
	display := os.Getenv("DISPLAY")
	switch {
	case runtime.GOOS == "darwin", os.Getenv("WAYLAND_DISPLAY") != "":
	case display == "":
		return Answer{Reason: NoDisplay}
	default:
		if err := reach(display); err != nil {
			return Answer{Reason: NoDisplay, Name: err.Error()}
		}
	}
	return Answer{Usable: true, Name: "OpenGL"}
}

// reach connects to the X server of a display, host:number.screen or the path
// of a socket. A number that is none is left to GLFW.
func reach(display string) error {
	network, address := "unix", display
	if i := strings.LastIndex(display, ":"); i >= 0 && display[0] != '/' {
		number, _, _ := strings.Cut(display[i+1:], ".")
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return nil
		}
		address = "/tmp/.X11-unix/X" + number
		if host := display[:i]; host != "" && host != "unix" {
			network, address = "tcp", net.JoinHostPort(host, strconv.Itoa(6000+int(n)))
		}
	}
	conn, err := net.DialTimeout(network, address, timeLimit)
	if err != nil && network == "unix" {
		conn, err = net.Dial(network, "@"+address) // Linux's abstract sockets
	}
	if err != nil {
		return err
	}
	return conn.Close()
}

// session is not known: the look takes a millisecond, nothing is remembered.
func session() string { return "" }

// soften makes Mesa draw by software, if Mesa it is.
func soften() bool { return os.Setenv("LIBGL_ALWAYS_SOFTWARE", "1") == nil }
