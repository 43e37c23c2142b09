package mailbox

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestANewNameIsFinishedLater: a process was killed between the new name and
// the end of the old one. The home's name is one that patterns would take for
// their own.
func TestANewNameIsFinishedLater(t *testing.T) {
	home := filepath.Join(t.TempDir(), "Mailgrant [1]")
	d := batch(t, 1, 1)[0]
	to := d.Clone()
	to.Name = "Renamed"
	killed := NewBook(home)
	if err := errors.Join(killed.Put(d), killed.Replace(d, to)); err != nil {
		t.Fatal(err)
	}
	names := func(carry func(from, to Definition) error) []string {
		b := NewBook(home)
		b.Follow(carry)
		names, err := b.Names()
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	both, one := []string{d.Name, to.Name}, []string{to.Name}
	if got := names(func(Definition, Definition) error { return errors.New("the key is not there") }); !slices.Equal(got, both) {
		t.Errorf("what belongs to it could not be taken along, and there is %q", got)
	}
	carried := 0
	carry := func(from, to Definition) error {
		carried++
		if from.Name != d.Name || to.Name != "Renamed" {
			t.Errorf("from %q to %q", from.Name, to.Name)
		}
		return nil
	}
	for range 2 {
		if got := names(carry); !slices.Equal(got, one) || carried != 1 {
			t.Errorf("%q, carried %d times", got, carried)
		}
	}
}

// TestANameThatIsGivenAwayAgain belongs to whom it was given, and keeps what is
// sealed under it.
func TestANameThatIsGivenAwayAgain(t *testing.T) {
	home := t.TempDir()
	all := batch(t, 1, 1)
	d, to, other := all[0], all[0].Clone(), all[0].Clone()
	to.Name, other.Sender, other.User = "Renamed", "other@contoso.com", "other@contoso.com"
	b := NewBook(home)
	if err := errors.Join(b.Put(d), b.Replace(d, to), b.Put(other)); err != nil {
		t.Fatal(err)
	}
	next := NewBook(home)
	next.Follow(func(Definition, Definition) error { t.Error("carried"); return nil })
	if got, err := next.Get(d.Name); err != nil || got.Sender != other.Sender {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestReplaceUnderTheSameName is Put, and so is a new mailbox.
func TestReplaceUnderTheSameName(t *testing.T) {
	home := t.TempDir()
	d := batch(t, 1, 1)[0]
	loud := d.Clone()
	loud.Name = "MAILBOX 0"
	b := NewBook(home)
	if err := errors.Join(b.Replace(Definition{}, d), b.Replace(d, loud), b.Replace(loud, d)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(b.dir)
	if err != nil || len(entries) != 2 { // and the lock
		t.Errorf("%v, %v", entries, err)
	}
	bad := d.Clone()
	bad.Name, bad.Sender = "Bad", "nobody"
	if err := b.Replace(d, bad); err == nil {
		t.Error("a wrong definition was saved")
	}
}

// TestWhatOthersSavedStays: a change applies to what was seen, and to nothing
// that somebody else has made of it.
func TestWhatOthersSavedStays(t *testing.T) {
	b := NewBook(t.TempDir())
	seen := batch(t, 1, 2)
	now := batch(t, 2, 2)
	mine, renamed, taken := seen[0].Clone(), seen[0].Clone(), now[0].Clone()
	mine.Sender, renamed.Name, taken.Name = "mine@contoso.com", "Renamed", now[1].Name
	if err := b.Put(now...); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"changed": b.Replace(seen[0], mine), "renamed": b.Replace(seen[0], renamed), "discarded": b.Discard(seen[0]),
		"a name that is taken": b.Replace(now[0], taken), "a new one's name": b.Replace(Definition{}, seen[1]),
	} {
		if !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, want := range now {
		if got, err := b.Get(want.Name); err != nil || !got.Equal(want) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if err := errors.Join(b.Discard(now[0]), os.WriteFile(b.path(now[1].Name), []byte("{"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{"changed": b.Replace(now[0], mine), "renamed": b.Replace(now[0], renamed), "discarded": b.Discard(now[0])} {
		if !errors.Is(err, ErrNotSaved) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var damaged *FileError
	if err := b.Replace(Definition{}, seen[1]); !errors.As(err, &damaged) {
		t.Errorf("over a file that cannot be read: %v", err)
	}
	if names, _ := b.Names(); len(names) != 1 {
		t.Errorf("%q", names)
	}
}

// TestNamesOfOtherScripts: whatever a name may be can be saved and given up, in
// whichever script.
func TestNamesOfOtherScripts(t *testing.T) {
	for _, letter := range []string{"x", "ü", "и", "客"} {
		b := NewBook(t.TempDir())
		d := batch(t, 1, 1)[0]
		first, last := d.Clone(), d.Clone()
		first.Name, last.Name = strings.Repeat(letter, maxName), strings.Repeat(letter, maxName-2)+" 2"
		if err := errors.Join(b.Put(first), b.Replace(first, last), b.Discard(first)); err != nil {
			t.Errorf("%s: %v", letter, err)
			continue
		}
		names, err := b.Names()
		if got, wrong := b.Get(strings.ToUpper(last.Name)); err != nil || wrong != nil || got.Name != last.Name || !slices.Equal(names, []string{last.Name}) {
			t.Errorf("%q, %q, %v", names, got.Name, errors.Join(err, wrong))
		}
	}
}
