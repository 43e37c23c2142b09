package store

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kills is how often a process is killed in the middle of saving.
const kills = 200

// TestKilledWhileSaving kills a real process at arbitrary moments of endless
// saves. Whatever is on disk afterwards must be a whole state: the last one
// the process reported as saved, or a later one.
func TestKilledWhileSaving(t *testing.T) {
	if dir := os.Getenv("MAILGRANT_TEST_SAVE_FOREVER"); dir != "" {
		saveForever(dir)
	}
	s, _ := open(t)
	mustSave(t, s, "a", payload(0))
	last := 0
	for i := range kills {
		reported := killOne(t, s.dir, last+1, time.Duration(i%40)*time.Millisecond/4)
		data, err := Open(s.dir).Load("a")
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		n, err := strconv.Atoi(string(bytes.SplitN(data, []byte(" "), 2)[0]))
		if err != nil || string(data) != payload(n) {
			t.Fatalf("kill %d: not a whole state: %.40q…", i, data)
		}
		if n < reported || n < last {
			t.Fatalf("kill %d: state %d is older than %d, which was reported as saved", i, n, max(reported, last))
		}
		last = n
	}
	if last == 0 {
		t.Fatal("no process saved anything")
	}
}

// payload is long enough to be written in more than one page.
func payload(n int) string { return strconv.Itoa(n) + " " + strings.Repeat(strconv.Itoa(n), 5000) }

// saveForever is the child: it saves one state after the other and reports
// each once Save has returned.
func saveForever(dir string) {
	s := Open(dir)
	n, _ := strconv.Atoi(os.Getenv("MAILGRANT_TEST_FIRST"))
	for ; ; n++ {
		if err := s.Save("a", []byte(payload(n))); err != nil {
			os.Exit(3)
		}
		if _, err := os.Stdout.WriteString(strconv.Itoa(n) + "\n"); err != nil {
			os.Exit(4)
		}
	}
}

// killOne lets a child save for a while, kills it and returns the last state
// it reported.
func killOne(t *testing.T, dir string, first int, after time.Duration) int {
	t.Helper()
	c := exec.Command(os.Args[0], "-test.run=^TestKilledWhileSaving$")
	c.Env = append(os.Environ(), "MAILGRANT_TEST_SAVE_FOREVER="+dir, "MAILGRANT_TEST_FIRST="+strconv.Itoa(first),
		"MAILGRANT_KEY_FILE="+filepath.Join(filepath.Dir(dir), "key"))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	last := -1
	if lines.Scan() { // it has begun
		last, _ = strconv.Atoi(lines.Text())
	}
	kill := time.AfterFunc(after, func() { _ = c.Process.Kill() })
	defer kill.Stop()
	for lines.Scan() {
		if n, err := strconv.Atoi(lines.Text()); err == nil {
			last = n
		}
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	return last
}
