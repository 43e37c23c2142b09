//go:build !windows && !darwin

package renderer

import (
	"context"
	"log/slog"
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

func TestMesaDrawsBySoftware(t *testing.T) {
	t.Setenv("LIBGL_ALWAYS_SOFTWARE", "")
	t.Setenv(Variable, Software)
	c := New(t.TempDir(), nil, slog.New(slog.DiscardHandler))
	if out := c.Choose(context.Background(), func() {}); out.Renderer != Software {
		t.Errorf("%+v", out)
	}
}
