package logfile

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The test runs itself as a program that crashes.
func TestCrashLeavesATrace(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl"
	if home := os.Getenv("CRASH_HOME"); home != "" {
		if _, err := Crash(home); err != nil {
			t.Fatal(err)
		}
		go panic("with " + token)
		select {}
	}
	home := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashLeavesATrace$")
	cmd.Env = append(os.Environ(), "CRASH_HOME="+home)
	if err := cmd.Run(); err == nil {
		t.Fatal("the program did not crash")
	}
	path := filepath.Join(home, "logs", "crash.log")
	trace, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(trace), "panic: with") || !strings.Contains(string(trace), "TestCrashLeavesATrace") {
		t.Fatalf("%s, %v", trace, err)
	}
	end, err := Crash(home)
	if err != nil {
		t.Fatal(err)
	}
	end()
	old, err := os.ReadFile(path + ".1")
	if err != nil || !strings.Contains(string(old), "TestCrashLeavesATrace") || strings.Contains(string(old), token) {
		t.Errorf("%s, %v", old, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("an empty file stays: %v", err)
	}
}

func TestCrashWithoutFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	end, err := Crash(file)
	if err == nil {
		t.Error("no error")
	}
	end()
}
