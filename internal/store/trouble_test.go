package store

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestLeftOversAreSweptSafely(t *testing.T) {
	s, _ := open(t)
	mustSave(t, s, "a", "old")
	put := func(name string, age time.Duration) string {
		path := filepath.Join(s.dir, name)
		when := time.Now().Add(-age)
		if err := errors.Join(os.WriteFile(path, []byte("half"), 0o600), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	stale := put(".mailgrant-new-1", 2*staleAfter)
	young := put(".mailgrant-new-2", time.Minute)
	other := put(".new-somebody-elses", 2*staleAfter)
	mustSave(t, Open(s.dir), "a", "new")
	for path, want := range map[string]bool{stale: false, young: true, other: true, s.path("a"): true} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s is there: %v; want %v", filepath.Base(path), err == nil, want)
		}
	}
}

// TestTwoProcessesSaveAtOnce saves the same name from two processes without a
// lock between them: the end is one of their last states, whole.
func TestTwoProcessesSaveAtOnce(t *testing.T) {
	if first := os.Getenv("MAILGRANT_TEST_SAVE_MANY"); first != "" {
		saveMany(first)
	}
	s, _ := open(t)
	mustSave(t, s, "a", "old")
	var children []*exec.Cmd
	for _, first := range []string{"1", "2"} {
		c := exec.Command(os.Args[0], "-test.run=^TestTwoProcessesSaveAtOnce$")
		c.Env = append(os.Environ(), "MAILGRANT_TEST_SAVE_MANY="+first, "MAILGRANT_TEST_DIR="+s.dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, c)
	}
	for _, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("a process could not save or read: %v", err)
		}
	}
	got, err := Open(s.dir).Load("a")
	if err != nil || (string(got) != payload(1000+savesEach) && string(got) != payload(2000+savesEach)) {
		t.Errorf("Load = %.20q, %v; want one of the last states", got, err)
	}
	if files, _ := os.ReadDir(s.dir); len(files) != 1 {
		t.Errorf("files: %v; want the one", files)
	}
}

const savesEach = 300

// saveMany is the child: whatever it reads in between must be whole.
func saveMany(first string) {
	s := Open(os.Getenv("MAILGRANT_TEST_DIR"))
	base := map[string]int{"1": 1000, "2": 2000}[first]
	for n := 1; n <= savesEach; n++ {
		if err := s.Save("a", []byte(payload(base+n))); err != nil {
			os.Exit(3)
		}
		if _, err := s.Load("a"); err != nil {
			os.Exit(4)
		}
	}
	os.Exit(0)
}
