package cli

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/i18n"
)

const listing = "Name;Absender;Mandant;Client ID\nErstes;a@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427\nZweites;b@contoso.com;contoso.com;1b4e28ba-2fa1-11d2-883f-0016d3cca427\n"

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportTakesAllOrNothing(t *testing.T) {
	place(t)
	list := file(t, "list.csv", listing)
	broken := file(t, "broken.csv", strings.Replace(listing, "b@contoso.com", "b", 1))
	o := run(t, "mailbox", "import", list, broken).want(t, exitUsage)
	for _, want := range []string{"broken.csv, row 3, column B (Absender): “b” is not", "broken.csv, row 2, column A (Name): the name “Erstes” stands already in list.csv, row 2"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("no %q in %s", want, o.stderr)
		}
	}
	if names := run(t, "mailbox", "list").want(t, exitGood).stdout; names != "" || o.stdout != "" {
		t.Errorf("half taken over: %s", names)
	}
	if o := run(t, "mailbox", "import", list, "--dry-run").want(t, exitGood); strings.Count(o.stdout, "\n") != 2 {
		t.Errorf("preview: %q", o.stdout)
	}
	more := file(t, "more.csv", strings.NewReplacer("ID\n", "ID;Ort\n", "427\n", "427;Bonn\n").Replace(listing))
	if o := run(t, "mailbox", "import", more).want(t, exitGood); !strings.Contains(o.stderr, "more.csv, row 1: these columns are not imported: Ort.") {
		t.Errorf("another column: %q", o.stderr)
	}
	run(t, "mailbox", "import", list).want(t, exitGood)
	run(t, "mailbox", "import", list).want(t, exitGood) // nothing is new: nothing is twice
	if names := run(t, "mailbox", "list").want(t, exitGood).stdout; strings.Count(names, "\n") != 2 {
		t.Errorf("list: %s", names)
	}
	changed := file(t, "changed.csv", strings.Replace(listing, "a@contoso.com", "c@contoso.com", 1))
	if o := run(t, "mailbox", "import", changed).want(t, exitUsage); !strings.Contains(o.stderr, "“Erstes”") || !strings.Contains(o.stderr, "--replace") {
		t.Error(o.stderr)
	}
	run(t, "mailbox", "import", changed, "--replace").want(t, exitGood)
	one := file(t, "one.json", run(t, "mailbox", "export", "Erstes").want(t, exitGood).stdout)
	for _, again := range [][]string{{one}, {one, "--replace"}, {changed, "--replace"}} {
		if o := run(t, append([]string{"mailbox", "import"}, again...)...).want(t, exitGood); !strings.Contains(o.stderr, "just like this already") {
			t.Errorf("%v: %q", again, o.stderr)
		}
	}
	if d := run(t, "mailbox", "show", "Erstes").want(t, exitGood).stdout; !strings.Contains(d, "c@contoso.com") {
		t.Error(d)
	}
}

// The proxy's sign-in is the machine's: it follows a mailbox whose user a list
// changes, and stays behind where the mailbox was removed.
func TestImportTakesTheProxySignInAlong(t *testing.T) {
	place(t)
	first := strings.SplitAfter(listing, "\n")
	list := file(t, "list.csv", first[0]+first[1])
	changed := file(t, "changed.csv", strings.Replace(first[0]+first[1], "a@contoso.com", "c@contoso.com", 1))
	has := func() bool {
		t.Helper()
		m := authorization.New(os.Getenv("MAILGRANT_HOME"), i18n.For(i18n.English), slog.New(slog.DiscardHandler))
		d, err := m.Book.Get("Erstes")
		if err != nil {
			t.Fatal(err)
		}
		return m.HasSecret(d, authorization.ProxyPassword)
	}
	run(t, "mailbox", "import", list).want(t, exitGood)
	runWith(t, t.Context(), "anna:canary\n", "secret", "set", "Erstes", "proxy-password").want(t, exitGood)
	run(t, "mailbox", "import", changed, "--replace").want(t, exitGood)
	if !has() {
		t.Error("another user lost it")
	}
	run(t, "mailbox", "remove", "Erstes").want(t, exitGood)
	run(t, "mailbox", "import", list).want(t, exitGood)
	if has() {
		t.Error("it went to a new mailbox")
	}
}

func TestExportAllGivesTheSameBack(t *testing.T) {
	place(t)
	run(t, "mailbox", "import", file(t, "list.csv", listing)).want(t, exitGood)
	before := run(t, "mailbox", "export", "--all").want(t, exitGood).stdout
	table := run(t, "mailbox", "export", "--all", "--format", "csv", "--lang", "de").want(t, exitGood).stdout
	if !strings.HasPrefix(table, "\ufeffName;Absender;") {
		t.Error(table)
	}
	place(t)
	run(t, "mailbox", "import", file(t, "again.csv", table)).want(t, exitGood)
	if after := run(t, "mailbox", "export", "--all", "--format", "json").want(t, exitGood).stdout; after != before {
		t.Errorf("got %s\nwant %s", after, before)
	}
	for _, wrong := range [][]string{{"export"}, {"export", "Erstes", "--all"}, {"export", "Erstes", "--format", "csv"}, {"export", "--all", "--format", "xml"}, {"import"}, {"import", "none.csv"}} {
		if o := run(t, append([]string{"mailbox"}, wrong...)...).want(t, exitUsage); o.stdout != "" || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%v: %+v", wrong, o)
		}
	}
}

// An import that is interrupted says what became of it.
func TestAnInterruptedImportSavesNothing(t *testing.T) {
	_, file := tenant(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{{"mailbox", "import", file}, {"mailbox", "import", "--dry-run", file}} {
		if o := runWith(t, ctx, "", args...).want(t, exitCancelled); o.stdout != "" || o.stderr != "Cancelled. Nothing was saved.\n" {
			t.Errorf("stdout %q, stderr %q", o.stdout, o.stderr)
		}
	}
	if o := run(t, "mailbox", "list").want(t, exitGood); o.stdout != "" {
		t.Errorf("saved all the same: %s", o.stdout)
	}
}
