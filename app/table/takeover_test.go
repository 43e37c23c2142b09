package table

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// importer takes over into an empty book, and tells whose secrets moved.
func importer(t *testing.T) (im Importer, moved *[]string) {
	t.Helper()
	moved = &[]string{}
	return Importer{Book: mailbox.NewBook(t.TempDir()), MoveSecrets: func(from, _ mailbox.Definition) error {
		*moved = append(*moved, from.Name)
		return nil
	}}, moved
}

// write writes definitions as a JSON list.
func write(t *testing.T, all ...mailbox.Definition) string {
	t.Helper()
	data, err := WriteJSON(all)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOnlyWhatWasShownIsTakenOver(t *testing.T) {
	all := several(t)
	im, moved := importer(t)
	p, err := im.Preview(write(t, all[:2]...), write(t, all[2]))
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := im.Book.Names(); len(names) != 0 {
		t.Fatalf("the preview saved %q", names)
	}
	// Somebody else saves another mailbox of that name in between.
	other := all[1].Clone()
	other.Sender, other.User = "else@contoso.com", "else@contoso.com"
	if err := im.Book.Put(other); err != nil {
		t.Fatal(err)
	}
	im.Stopped = func() error { return context.Canceled }
	if _, err := im.TakeOver(&p, true); !errors.Is(err, ErrOtherwise) {
		t.Fatalf("taken over: %v", err)
	}
	if names, _ := im.Book.Names(); len(names) != 1 || len(*moved) != 0 {
		t.Fatalf("half taken over: %q, %q", names, *moved)
	}
	if r := p.Rows[1]; r.Standing != Changed || !slices.Contains(r.Differs, "sender") {
		t.Errorf("it is not told: %+v", r)
	}
	if _, err := im.TakeOver(&p, true); !errors.Is(err, context.Canceled) {
		t.Fatalf("taken over: %v", err)
	}
	if names, _ := im.Book.Names(); len(names) != 1 || len(*moved) != 0 {
		t.Fatalf("half taken over: %q, %q", names, *moved)
	}
	im.Stopped = nil
	taken, err := im.TakeOver(&p, true)
	if err != nil || len(taken) != 3 || !slices.Equal(*moved, []string{other.Name}) {
		t.Errorf("%v: %d taken over, secrets of %q moved", err, len(taken), *moved)
	}
}

func TestWithAProblemNothingIsTakenOver(t *testing.T) {
	all := several(t)
	im, _ := importer(t)
	bad := all[1].Clone()
	bad.Sender = "no address"
	p, err := im.Preview(write(t, all[0], bad))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := im.TakeOver(&p, true); !errors.Is(err, ErrProblems) {
		t.Errorf("taken over: %v", err)
	}
	if names, _ := im.Book.Names(); len(names) != 0 {
		t.Errorf("half taken over: %q", names)
	}
}

// What stands in a column of secrets, or in one without a heading, is told
// nowhere.
func TestNoSecretOfAFileIsTold(t *testing.T) {
	const canary = "canary-7f3a"
	p := Read("list.csv", []byte("Name;Sender;Password;\nDesk;desk@contoso.com;"+canary+";"+canary+"\n"))
	if got := len(p.Problems()); got < 2 {
		t.Errorf("%d problems", got)
	}
	for _, lang := range i18n.Languages {
		for _, problem := range p.Problems() {
			if line := problem.Text(i18n.For(lang)); strings.Contains(line, canary) {
				t.Errorf("told: %s", line)
			}
		}
	}
}

// A definition without scopes is the same, whether it says so or not.
func TestNothingIsReplacedByItsLike(t *testing.T) {
	im, _ := importer(t)
	d := several(t)[0]
	d.OAuth.Scopes = nil
	if err := im.Book.Put(d); err != nil {
		t.Fatal(err)
	}
	d.OAuth.Scopes = []string{}
	if p, err := im.Preview(write(t, d)); err != nil || p.Rows[0].Standing != Same {
		t.Errorf("%v, %+v", err, p.Rows)
	}
}

// Who lists a domain's mailboxes has entered their application once already.
func TestAListIsCompletedFromASavedMailbox(t *testing.T) {
	im, _ := importer(t)
	first := mailbox.Definition{Name: "Helpdesk", Sender: "helpdesk@contoso.com", OAuth: &mailbox.OAuth{Tenant: "contoso.com", ClientID: "1b4e28ba-2fa1-11d2-883f-0016d3cca427"}}
	first.Servers = first.Normalize().OAuth.Presets()
	if err := im.Book.Put(first.Normalize()); err != nil {
		t.Fatal(err)
	}
	for content, want := range map[string]string{ // the mailboxes, or what is wrong
		"No;Sender\n1;desk@contoso.com\n2;scanner@Contoso.com\n":                        "desk@contoso.com scanner@Contoso.com",
		"desk@contoso.com\nHelpdesk@contoso.com\n":                                      "desk@contoso.com",
		"Name,Sender\nSecond,helpdesk@contoso.com\n":                                    "Second",
		"desk@contoso.com\nscanner@contoso.com\n":                                       "desk@contoso.com scanner@contoso.com",
		"Sender,User,Shared mailbox\ninfo@contoso.com,a@contoso.com,info@contoso.com\n": "info@contoso.com",
		"Sender\ndesk@contoso.com\ndesk@else.example\n":                                 "column-missing column-missing",
		"Sender\ndesk@contoso.com\ndesk@@contoso\n":                                     "address",
		"Sender;Tenant\ndesk@contoso.com;fabrikam.com\n":                                "column-missing",
	} {
		path := filepath.Join(t.TempDir(), "list.csv")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := im.Preview(path)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, problem := range p.Problems() {
			got = append(got, problem.Problem)
		}
		if p.OK() {
			for _, d := range p.Definitions() {
				got = append(got, d.Name)
				if err := d.Validate(); err != nil || d.OAuth.ClientID != first.OAuth.ClientID || len(d.Servers) != 3 {
					t.Errorf("%s: %v, %+v", d.Name, err, d)
				}
			}
			if text := p.Ignored[len(p.Ignored)-1].Text(i18n.For(i18n.English)); !strings.Contains(text, "as with the saved mailbox Helpdesk") {
				t.Errorf("told: %s", text)
			}
		}
		if strings.HasPrefix(want, "column-missing") && slices.ContainsFunc(p.Rows, func(r Row) bool { return r.Definition.OAuth.ClientID != "" }) {
			t.Errorf("%q: a row is completed: %+v", content, p.Rows)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q; want %q", content, got, want)
		}
	}
}
