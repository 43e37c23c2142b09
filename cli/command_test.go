package cli

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
)

// TestOptionsStandBeforeAndBehindTheCommand: which command is meant, and what is left for it.
func TestOptionsStandBeforeAndBehindTheCommand(t *testing.T) {
	cases := []struct{ line, path, rest string }{
		{"", "mailgrant", ""},
		{"mailbox list", "mailgrant mailbox list", ""},
		{"--lang de mailbox --lang en list", "mailgrant mailbox list", "--lang de --lang en"},
		{"--lang=de mailbox -h list", "mailgrant mailbox list", "--lang=de -h"},
		{"--file test test Works", "mailgrant test", "--file test Works"}, // unknown before the command: with a value
		{"--json test", "mailgrant", "--json test"},
		{"--json=true test", "mailgrant test", "--json=true"},
		{"-x test status", "mailgrant status", "-x test"},
		{"-h test status", "mailgrant test", "-h status"},
		{"--practice mailbox list", "mailgrant mailbox", "--practice list"}, // an option of the program alone
		{"-- test", "mailgrant", "-- test"},
		{"test -- status", "mailgrant test", "-- status"},
		{"mailbox burn list", "mailgrant mailbox", "burn list"},
		{"- test", "mailgrant test", "-"},
		{"version test version", "mailgrant version", "test version"},
	}
	root := (&program{texts: i18n.For(i18n.English)}).root()
	for _, c := range cases {
		args := strings.Fields(c.line)
		given := slices.Clone(args)
		found, rest := root.find(args)
		if found.path() != c.path || strings.Join(rest, " ") != c.rest || !slices.Equal(args, given) {
			t.Errorf("%q: %q with %q, want %q with %q; arguments now %q", c.line, found.path(), rest, c.path, c.rest, args)
		}
	}
}

// TestAGroupNamesWhatItHas in its error and, by name, in its help.
func TestAGroupNamesWhatItHas(t *testing.T) {
	p := &program{texts: i18n.For(i18n.English)}
	walk(p.root(), func(c *command) {
		var names []string
		for _, sub := range c.subs {
			names = append(names, sub.name)
		}
		if told := strings.Split(c.words, "|"); c.parent != nil && c.subs != nil {
			slices.Sort(told)
			if !slices.Equal(told, names) {
				t.Errorf("%s: %q, has %q", c.path(), told, names)
			}
		}
		if !slices.IsSorted(names) || p.text(c, "short") == "" {
			t.Errorf("%s: %q, %q", c.path(), names, p.text(c, "short"))
		}
	})
}

// TestTheNearestCommandIsMeant: import mistyped resembles export too, and an empty
// argument resembles nothing.
func TestTheNearestCommandIsMeant(t *testing.T) {
	p := &program{texts: i18n.For(i18n.English)}
	for _, c := range []struct{ group, typed, meant string }{
		{"mailbox", "inport", "import"},
		{"mailbox", "Mport", "import"},
		{"mailbox", "exprot", "export"},
		{"mailbox", "e", "export"},
		{"mailbox", "ls", "list"},
		{"mailbox", "burn", ""},
		{"mailbox", "", ""},
		{"secret", "es", "ends"},
		{"", "MON", "monitor"},
		{"", "t", "test"},
		{"", "tokn", "token"},
		{"", "xy", ""},
		{"", "", ""},
	} {
		want := usage("cli.error.command", i18n.Args{"command": c.typed})
		if c.meant != "" {
			want = usage("cli.error.command-meant", i18n.Args{"command": c.typed, "meant": c.meant})
		}
		group, _ := p.root().find(strings.Fields(c.group))
		if err := p.check(group, []string{c.typed, "x"}); !reflect.DeepEqual(err, want) {
			t.Errorf("%s %q: %v, want %v", c.group, c.typed, err, want)
		}
	}
}
