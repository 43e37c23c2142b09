// Package home finds the folder below which Mailgrant keeps everything.
package home

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Dir returns $MAILGRANT_HOME if set, else %LOCALAPPDATA%\Mailgrant on Windows
// and the user's configuration folder elsewhere. It creates nothing.
func Dir() (string, error) {
	if dir := os.Getenv("MAILGRANT_HOME"); dir != "" {
		return filepath.Abs(dir)
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
