// Package logfile writes Mailgrant's log: one file that is set aside when it
// grows, with every value passed through redaction before it is written.
package logfile

import (
	"fmt"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"mailgrant/internal/redact"
)

// limit is the size in bytes at which the file is set aside; keep is how many
// old ones stay.
const (
	limit = 1 << 20
	keep  = 3
)

// Open returns a logger into <home>/logs/mailgrant.log. Nothing is made
// before the first line. $MAILGRANT_LOG=debug writes more. The standard
// library's logger, which Fyne uses, goes to the same file.
func Open(home string) *slog.Logger {
	level := slog.LevelInfo
	if os.Getenv("MAILGRANT_LOG") == "debug" {
		level = slog.LevelDebug
	}
	w := &file{path: filepath.Join(home, "logs", "mailgrant.log")}
	logger := slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: mask}))
	log.SetFlags(0)
	log.SetOutput(slog.NewLogLogger(logger.Handler(), slog.LevelWarn).Writer())
	return logger
}

// mask redacts every attribute: whatever a library put into an error passes here.
func mask(_ []string, a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(redact.Line(a.Value.String()))
	case slog.KindAny:
		a.Value = slog.StringValue(redact.Line(fmt.Sprint(a.Value.Any())))
	}
	return a
}

// file is opened at the first line and set aside at its limit. A line that
// cannot be written is dropped: a full disk must not stop a sign-in.
type file struct {
	path string
	mu   sync.Mutex
	open *os.File
	size int64
}

func (f *file) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open != nil && f.size+int64(len(p)) > limit {
		_ = f.open.Close()
		f.open = nil
		rotate(f.path)
	}
	if f.open == nil && f.reopen() != nil {
		return len(p), nil
	}
	n, _ := f.open.Write(p)
	f.size += int64(n)
	return len(p), nil
}

func (f *file) reopen() error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	out, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if info, err := out.Stat(); err == nil {
		f.size = info.Size()
	}
	f.open = out
	return nil
}

func rotate(path string) {
	for i := keep - 1; i >= 1; i-- {
		_ = os.Rename(fmt.Sprintf("%s.%d", path, i), fmt.Sprintf("%s.%d", path, i+1))
	}
	_ = os.Rename(path, path+".1")
}
