package mailbox

import (
	"errors"
	"os"
	"slices"
	"testing"
)

// TestANewNameIsFinishedLater: a process was killed between the new name and
// the end of the old one.
func TestANewNameIsFinishedLater(t *testing.T) {
	home := t.TempDir()
	d := batch(t, 1, 1)[0]
	to := d.Clone()
	to.Name = "Renamed"
	killed := NewBook(home)
	if err := errors.Join(killed.Put(d), killed.Replace(d.Name, to)); err != nil {
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
	if err := errors.Join(b.Put(d), b.Replace(d.Name, to), b.Put(other)); err != nil {
		t.Fatal(err)
	}
	next := NewBook(home)
	next.Follow(func(Definition, Definition) error { t.Error("carried"); return nil })
	if got, err := next.Get(d.Name); err != nil || got.Sender != other.Sender {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestReplaceUnderTheSameName is Put, and so is a name that was never saved.
func TestReplaceUnderTheSameName(t *testing.T) {
	home := t.TempDir()
	d := batch(t, 1, 1)[0]
	b := NewBook(home)
	if err := errors.Join(b.Replace("", d), b.Replace("never saved", d), b.Replace("MAILBOX 0", d), b.Replace(d.Name, d)); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(b.dir)
	if err != nil || len(entries) != 2 { // and the lock
		t.Errorf("%v, %v", entries, err)
	}
	bad := d.Clone()
	bad.Name, bad.Sender = "Bad", "nobody"
	if err := b.Replace(d.Name, bad); err == nil {
		t.Error("a wrong definition was saved")
	}
}
