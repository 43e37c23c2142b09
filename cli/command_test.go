package cli

import (
	"strings"
	"testing"
)

// Options stand before the name of a command as well as behind it, if they are
// the command's.
func TestOptionsBeforeTheCommand(t *testing.T) {
	place(t)
	help := run(t, "mailbox", "show", "--help", "--lang", "de").want(t, exitGood).stdout
	for _, args := range [][]string{
		{"--lang", "de", "--help", "mailbox", "show"}, {"-h", "mailbox", "--lang=de", "show"}, {"mailbox", "--help", "--lang", "de", "show", "many", "words"},
	} {
		if got := run(t, args...).want(t, exitGood).stdout; got != help || !strings.Contains(got, "mailgrant mailbox show [MAILBOX]\n") {
			t.Errorf("%q:\n%s\nwant\n%s", args, got, help)
		}
	}
	for option, args := range map[string][]string{
		"--practice": {"--practice", "mailbox", "list"}, // the window's
		"--json":     {"mailbox", "--json", "list"},     // of a command that has it not
		"--lang":     {"mailbox", "list", "--lang"},
	} {
		if o := run(t, args...).want(t, exitUsage); !strings.Contains(o.stderr, option) {
			t.Errorf("%q: %s", args, o.stderr)
		}
	}
}

func TestNumberOfArguments(t *testing.T) {
	place(t)
	for usage, args := range map[string][]string{
		"mailgrant mailbox remove MAILBOX":                   {"mailbox", "remove"},
		"mailgrant mailbox show [MAILBOX]":                   {"mailbox", "show", "a", "b"},
		"mailgrant mailbox import FILE...":                   {"mailbox", "import"},
		"mailgrant mailbox list|show|import|export|remove":   {"mailbox"},
		"mailgrant version":                                  {"version", "--", "--json"},
		"mailgrant secret ends [MAILBOX] YYYY-MM-DD|unknown": {"secret", "ends"},
		"Unknown command “burn”. See “mailgrant --help”.":    {"mailbox", "burn"},
		"Unknown command “--help”. See “mailgrant --help”.":  {"--", "--help"},
	} {
		if o := run(t, args...).want(t, exitUsage); !strings.Contains(o.stderr, usage+"\n") || o.stdout != "" {
			t.Errorf("%q: %s%s", args, o.stdout, o.stderr)
		}
	}
}
