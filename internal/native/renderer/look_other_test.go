//go:build !windows && !darwin

package renderer

import (
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"testing"
)

func TestWithoutDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	t.Setenv(Variable, "")
	c := New(t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if out := c.Choose(context.Background(), func() {}); out.Reason != NoDisplay || out.Done {
		t.Errorf("%+v", out)
	}
	t.Setenv("DISPLAY", ":59999")
	if out := c.Choose(context.Background(), func() {}); out.Reason != NoDisplay || out.Detail == "" {
		t.Errorf("a display that is not there: %+v", out)
	}
	t.Setenv("WAYLAND_DISPLAY", "wayland-0")
	if out := c.Choose(context.Background(), func() {}); out.Renderer == "" {
		t.Errorf("Wayland: %+v", out)
	}
}

// A display is found by the names that X gives it; a number that is none is for
// GLFW to judge.
func TestReach(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	number := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port - 6000)
	socket := filepath.Join(t.TempDir(), "X0")
	unix, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close()
	for display, want := range map[string]bool{
		"127.0.0.1:" + number: true, "127.0.0.1:" + number + ".0": true, socket: true, ":a": true,
		"127.0.0.1:59999": false, "unix:59999": false, socket + "-none": false,
	} {
		if err := reach(display); (err == nil) != want {
			t.Errorf("%q: %v", display, err)
		}
	}
}

func TestMesaDrawsBySoftware(t *testing.T) {
	t.Setenv("LIBGL_ALWAYS_SOFTWARE", "")
	t.Setenv(Variable, Software)
	c := New(t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if out := c.Choose(context.Background(), func() {}); out.Renderer != Software {
		t.Errorf("%+v", out)
	}
}
