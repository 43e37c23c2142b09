package mailbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// batch makes definitions whose sender names their generation.
func batch(t *testing.T, generation, n int) []Definition {
	t.Helper()
	d, err := Parse([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	var all []Definition
	for i := range n {
		c := d.Clone()
		c.Name = fmt.Sprintf("Mailbox %d", i)
		c.Sender = fmt.Sprintf("g%d@contoso.com", generation)
		c.User = c.Sender
		all = append(all, c)
	}
	return all
}

func TestPutSeveral(t *testing.T) {
	b := NewBook(t.TempDir())
	all := batch(t, 1, 20)
	if err := b.Put(all...); err != nil {
		t.Fatal(err)
	}
	names, err := b.Names()
	if err != nil || len(names) != 20 {
		t.Fatalf("%v: %q", err, names)
	}
	bad := batch(t, 2, 20)
	bad[19].Sender = "nobody"
	var invalid Invalid
	if err := b.Put(bad...); !errors.As(err, &invalid) {
		t.Errorf("error %v", err)
	}
	for _, want := range all {
		if got, err := b.Get(want.Name); err != nil || got.Sender != want.Sender {
			t.Errorf("%s: %v, %s", want.Name, err, got.Sender)
		}
	}
}

// TestChangesSweep: whatever changes the book removes what a process that was
// killed long ago left half-written.
func TestChangesSweep(t *testing.T) {
	b, d := NewBook(t.TempDir()), batch(t, 1, 1)[0]
	if err := b.Put(d); err != nil {
		t.Fatal(err)
	}
	for _, change := range []func() error{
		func() error { return b.Put(d) },
		func() error { return b.Replace(d, d) },
		func() error { return b.Remove(d.Name) },
	} {
		left := filepath.Join(b.dir, ".mailgrant-new-1")
		old := time.Now().Add(-24 * time.Hour)
		if err := errors.Join(os.WriteFile(left, nil, 0o600), os.Chtimes(left, old, old), change()); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	}
}

// TestNobodySavesWhileABatchIsDecided: what was read still holds when it is
// saved.
func TestNobodySavesWhileABatchIsDecided(t *testing.T) {
	home := t.TempDir()
	b, all := NewBook(home), batch(t, 1, 2)
	put := make(chan error)
	err := b.Change(func(saved *Book) ([]Definition, error) {
		if _, err := saved.Get(all[0].Name); !errors.Is(err, ErrNotSaved) {
			t.Errorf("Get: %v", err)
		}
		go func() { put <- NewBook(home).Put(batch(t, 2, 1)[0]) }()
		select {
		case err := <-put:
			t.Errorf("another saved in between: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
		return all, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-put; err != nil {
		t.Fatal(err)
	}
	if d, err := b.Get(all[0].Name); err != nil || d.Sender != "g2@contoso.com" {
		t.Errorf("%v: %s", err, d.Sender)
	}
}

// Nothing is saved of what is decided with an error.
func TestWhatIsNotDecidedIsNotSaved(t *testing.T) {
	b, no := NewBook(t.TempDir()), errors.New("no")
	if err := b.Change(func(*Book) ([]Definition, error) { return batch(t, 1, 2), no }); !errors.Is(err, no) {
		t.Error(err)
	}
	if names, err := b.Names(); err != nil || len(names) > 0 {
		t.Errorf("%q, %v", names, err)
	}
}

// A batch that cannot be finished stops all that use the book, and so does a
// folder that is none.
func TestABookThatCannotBeUsed(t *testing.T) {
	all := batch(t, 1, 2)
	for name, spoil := range map[string]func(b *Book) error{
		"half a batch": func(b *Book) error { return os.WriteFile(filepath.Join(b.dir, batchName), []byte("[{"), 0o600) },
		"a folder":     func(b *Book) error { return os.Mkdir(filepath.Join(b.dir, batchName), 0o700) },
		"a file":       func(b *Book) error { return errors.Join(os.RemoveAll(b.dir), os.WriteFile(b.dir, nil, 0o600)) },
	} {
		b := NewBook(t.TempDir())
		if err := errors.Join(b.Put(all[0]), spoil(b)); err != nil {
			t.Fatal(err)
		}
		_, listed := b.All()
		_, got := b.Get(all[0].Name)
		for what, err := range map[string]error{
			"All": listed, "Get": got, "Put": b.Put(all[1]), "Replace": b.Replace(all[0], all[1]),
			"Remove": b.Remove(all[0].Name), "Discard": b.Discard(all[0]),
		} {
			if err == nil || errors.Is(err, ErrNotSaved) || errors.Is(err, ErrChanged) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// TestKilledWhileTakingOver kills a real process in the middle of saving many
// mailboxes together. Afterwards all of them are of one generation.
func TestKilledWhileTakingOver(t *testing.T) {
	const many = 40
	if home := os.Getenv("MAILGRANT_TEST_TAKE_OVER"); home != "" {
		for generation := 1; ; generation++ {
			if err := NewBook(home).Put(batch(t, generation, many)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	home := t.TempDir()
	if err := NewBook(home).Put(batch(t, 0, many)...); err != nil {
		t.Fatal(err)
	}
	left := 0
	for i := range 40 {
		c := exec.Command(os.Args[0], "-test.run=^TestKilledWhileTakingOver$")
		c.Env = append(os.Environ(), "MAILGRANT_TEST_TAKE_OVER="+home)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(10+i) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
		if _, err := os.Stat(filepath.Join(home, "mailboxes", batchName)); err == nil {
			left++
		}
		oneGeneration(t, home, many)
	}
	if left == 0 {
		t.Log("no kill hit the moment between the two")
	}
}

func oneGeneration(t *testing.T, home string, many int) {
	t.Helper()
	b := NewBook(home)
	names, err := b.Names()
	if err != nil || len(names) != many {
		t.Fatalf("%v: %d mailboxes", err, len(names))
	}
	first := ""
	for _, name := range names {
		d, err := b.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = d.Sender
		}
		if d.Sender != first {
			t.Fatalf("%s is of %s, others of %s", name, d.Sender, first)
		}
	}
}

// TestAnUnfinishedBatchIsFinished: the batch file alone is enough.
func TestAnUnfinishedBatchIsFinished(t *testing.T) {
	home := t.TempDir()
	if err := NewBook(home).Put(batch(t, 0, 3)...); err != nil {
		t.Fatal(err)
	}
	data := []byte("[" + string(batch(t, 1, 1)[0].Format()) + strings.Repeat(" ", 64*maxFile) + "]") // of any size
	file := filepath.Join(home, "mailboxes", batchName)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := NewBook(home).Get("Mailbox 0"); err != nil || d.Sender != "g1@contoso.com" {
		t.Errorf("%v: %s", err, d.Sender)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("it is still there")
	}
}
