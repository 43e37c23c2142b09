package native

import (
	"errors"
	"os"
	"testing"
)

func TestEscapesOnlyWhereTheyAreUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		mode            uint32
		noConsole, old  bool
		understood, set bool
	}{
		"switched on already": {mode: 0x7, understood: true},
		"switched on by us":   {mode: 0x3, understood: true, set: true},
		"an older console":    {mode: 0x3, old: true, set: true},
		"a file":              {noConsole: true},
	} {
		var wanted uint32
		got := switchedOn(func() (uint32, error) {
			if c.noConsole {
				return 0, errors.New("the handle is invalid")
			}
			return c.mode, nil
		}, func(mode uint32) error {
			wanted = mode
			if c.old {
				return errors.New("the parameter is incorrect")
			}
			return nil
		})
		if got != c.understood || (wanted != 0) != c.set || c.set && wanted != c.mode|virtualTerminal {
			t.Errorf("%s: %v, mode %x", name, got, wanted)
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if Escapes(w) {
		t.Error("a pipe is no terminal")
	}
}
