// Package home finds the folder below which Mailgrant keeps everything.
package home

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Dir returns $MAILGRANT_HOME if set, else the folder data beside a portable
// program, else %LOCALAPPDATA%\Mailgrant on Windows and the user's
// configuration folder elsewhere. It creates nothing.
func Dir() (string, error) {
	if dir := os.Getenv("MAILGRANT_HOME"); dir != "" {
		return filepath.Abs(dir)
	}
	if self, err := os.Executable(); err == nil {
		if dir, ok := portable(self); ok {
			return dir, nil
		}
	}
	if runtime.GOOS == "windows" {
		// The roaming folder would carry files sealed for one machine to another.
		if dir := os.Getenv("LOCALAPPDATA"); dir != "" {
			return filepath.Join(dir, "Mailgrant"), nil
		}
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("home: no folder for settings: %w", err)
	}
	return filepath.Join(dir, "mailgrant"), nil
}

// portable finds the folder of a program beside which portable.txt lies. The
// copy that draws by software lies one folder deeper.
func portable(program string) (string, bool) {
	dir := filepath.Dir(program)
	if strings.EqualFold(filepath.Base(dir), "software") {
		dir = filepath.Dir(dir)
	}
	info, err := os.Stat(filepath.Join(dir, "portable.txt"))
	return filepath.Join(dir, "data"), err == nil && info.Mode().IsRegular()
}
