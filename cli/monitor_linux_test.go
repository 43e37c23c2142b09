package cli

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What is no file is written to as it is: root would lose /dev/null to a file.
func TestMonitorLeavesDevicesAlone(t *testing.T) {
	def := signedIn(t)
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	end, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer end.Close()
	run(t, "monitor", "--file", def, "--format", "json", "--output", path).want(t, exitGood)
	if info, err := os.Lstat(path); err != nil || info.Mode() != os.ModeNamedPipe|0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
