//go:build !windows

package renderer

import (
	"errors"
	"os"
	"runtime"
)

// look asks the X server whether it has GLX, without which GLFW opens no
// window. Wayland always has EGL; what else fails shows when the window opens.
func look() Answer {
	usable := Answer{Usable: true, Name: "OpenGL"}
	if runtime.GOOS == "darwin" || os.Getenv("WAYLAND_DISPLAY") != "" {
		return usable
	}
	display := os.Getenv("DISPLAY")
	if display == "" {
		return Answer{Reason: NoDisplay}
	}
	has, err := serverHas(display, "GLX")
	switch {
	case errors.Is(err, errNoServer):
		return Answer{Reason: NoDisplay, Name: err.Error()}
	case err == nil && !has:
		return Answer{Reason: NoOpenGL, Name: "X server " + display + ": no GLX"}
	}
	return usable
}

// session is not known: the look takes a millisecond, nothing is remembered.
func session() string { return "" }

// soften makes Mesa draw by software, if Mesa it is.
func soften() bool { return os.Setenv("LIBGL_ALWAYS_SOFTWARE", "1") == nil }
