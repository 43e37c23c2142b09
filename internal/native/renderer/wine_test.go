//go:build windows && wine

package renderer

import (
	"os"
	"strings"
	"testing"
)

// OPENGL says whether the X server has OpenGL.
func TestWineLook(t *testing.T) {
	a := look()
	switch os.Getenv("OPENGL") {
	case "yes":
		if !a.Usable || !strings.Contains(a.Name, "OpenGL") {
			t.Errorf("%+v", a)
		}
	case "no":
		if a.Usable || a.Reason != NoOpenGL {
			t.Errorf("%+v", a)
		}
	default:
		t.Error("OPENGL is not set")
	}
	if s := session(); !strings.HasPrefix(s, "console | ") {
		t.Errorf("session %q", s)
	}
}
