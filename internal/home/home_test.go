package home

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPortable(t *testing.T) {
	dir := t.TempDir()
	programs := []string{filepath.Join(dir, "mailgrant.exe"), filepath.Join(dir, "software", "mailgrant.exe")}
	for _, program := range programs {
		if got, ok := portable(program); ok {
			t.Errorf("%s: %s without portable.txt", program, got)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "portable.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		if got, ok := portable(program); !ok || got != filepath.Join(dir, "data") {
			t.Errorf("%s: %s, %t", program, got, ok)
		}
	}
}
