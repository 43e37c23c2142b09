package presenter_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mailgrant/app/table"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// preview opens one of the scripted files.
func preview(t *testing.T, s *scripted.Stage, files ...string) *presenter.TakeoverState {
	t.Helper()
	s.Presenter.ImportFiles(files...)
	until(t, s, func(st presenter.State) bool { return st.Takeover != nil && st.Takeover.Busy == "" })
	return s.Presenter.State().Takeover
}

func TestNothingIsTakenOverBeforeTheUserAgrees(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	p := s.Presenter
	st := preview(t, s, "good.csv", "one.json")
	if names, _ := s.Book.Names(); len(names) != 1 || !st.CanDo || len(st.Rows) != 5 {
		t.Fatalf("%q saved; %+v", names, st)
	}
	p.Cancel()
	if st := p.State(); st.Takeover != nil || st.Name != "Helpdesk" || len(st.Mailboxes) != 1 {
		t.Errorf("after cancelling: %q of %q", st.Name, st.Mailboxes)
	}
	preview(t, s, "good.csv", "one.json")
	p.TakeOver()
	if st := p.State().Takeover; st == nil || st.Busy == "" || st.CanDo {
		t.Errorf("it does not show that it saves: %+v", st)
	}
	until(t, s, func(st presenter.State) bool { return st.Takeover == nil })
	if st := p.State(); !slices.Equal(st.Mailboxes, []string{"Careers", "Helpdesk", "Orders", "Returns", "Scanner"}) || st.Notice == nil || !strings.Contains(st.Notice.Text, "5 mailboxes") {
		t.Errorf("%q, %+v", st.Mailboxes, st.Notice)
	}
	if d, _ := s.Book.Get("helpdesk"); d.OAuth.Tenant != "contoso.com" {
		t.Errorf("not replaced: %+v", d.OAuth)
	}
}

// Mailboxes that are new have nobody signed in.
func TestAfterManyMailboxesTheSignInsAreNext(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	preview(t, s, "good.csv", "one.json")
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool { return st.Overview != nil && st.Overview.SignsIn })
}

func TestOneMailboxThatIsTakenOverOpens(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	preview(t, s, "one.json")
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool { return st.Takeover == nil })
	if st := s.Presenter.State(); st.Name != "Scanner" || st.Form.Draft {
		t.Errorf("%q is open, draft %t", st.Name, st.Form.Draft)
	}
}

// What was asked about the servers of before is answered.
func TestATakenOverMailboxIsAskedAboutAnew(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	s.Engine.OnHosts = func(mailbox.Definition, []string) error {
		return diagnosis.New(diagnosis.CauseHostNotAllowed, "", map[string]string{"host": "mail.example.com"})
	}
	s.Presenter.Test()
	until(t, s, func(st presenter.State) bool { return len(st.Test.Findings) > 0 })
	preview(t, s, "good.csv")
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool { return st.Takeover == nil })
	s.Presenter.Select(slices.Index(s.Presenter.State().Mailboxes, "Helpdesk"))
	if st := s.Presenter.State(); st.Name != "Helpdesk" || len(st.Test.Findings) != 0 {
		t.Errorf("%s: %+v", st.Name, st.Test.Findings)
	}
}

func TestProblemsAreToldAtTheirPlaces(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	st := preview(t, s, "bad.csv")
	if st.CanDo {
		t.Error("it can be taken over")
	}
	s.Presenter.TakeOver()
	if names, _ := s.Book.Names(); len(names) != 1 {
		t.Errorf("half taken over: %q saved", names)
	}
	var places []string
	for _, row := range st.Rows {
		if row[0].Mark == presenter.MarkBad {
			places = append(places, row[0].Text)
		}
	}
	want := []string{"Row 1, column C", "Row 3, column B", "Row 3, column E", "Row 3, column G", "Row 4, column D", "Row 5, column A"}
	slices.Sort(places)
	if !slices.Equal(places, want) {
		t.Errorf("%q; want %q", places, want)
	}
	for _, row := range st.Rows {
		if strings.Contains(row[2].Text, "geheim") {
			t.Errorf("a secret of the file is shown: %q", row[2].Text)
		}
	}
}

// TestProblemsNameTheirColumn: also one that the file lacks. Words that a file
// may have stand beside what the window calls them.
func TestProblemsNameTheirColumn(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	s.Importer.Files["types.csv"] = "Name,Sender,Account type\nDesk,desk@contoso.com,organisation\n"
	st := preview(t, s, "types.csv")
	var told []string
	for _, row := range st.Rows {
		told = append(told, row[0].Text+": "+row[2].Text)
	}
	want := []string{
		"Row 1: Field “Application (client) ID”: The table lacks this column.",
		"Row 2, column C: “organisation” is not possible here. Possible: tenant = Microsoft Entra ID (one organization), " +
			"organizations = Microsoft Entra ID (any organization), common = Organizations and personal accounts, " +
			"consumers = Personal Microsoft accounts, application = Application without a user.",
	}
	if !slices.Equal(told, want) {
		t.Errorf("%q\nwant %q", told, want)
	}
}

func TestWordsOfAFileStandBesideThoseOfTheWindow(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	s.Importer.Files["ways.csv"] = "Name,Sender,Sign-in window,Cloud,IMAP encryption\nDesk,desk@contoso.com,edge,moon,maybe\n"
	told := ""
	for _, row := range preview(t, s, "ways.csv").Rows {
		told += row[2].Text + "\n"
	}
	for _, want := range []string{
		"private-window = Private window, default-browser = Default browser, link = Link to copy",
		"china = Microsoft 365 operated by 21Vianet", "Possible: tls, starttls, none.",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("%q is missing:\n%s", want, told)
		}
	}
}

func TestColumnsThatAreNotTakenOverAreNamed(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	s.Importer.Files["export.csv"] = "Name,Sender,Tenant,Client ID,Department,City\nDesk,desk@contoso.com,contoso.com,00000000-0000-0000-0000-000000000000,IT,Bonn\n"
	st := preview(t, s, "export.csv")
	if row := st.Rows[0]; !st.CanDo || row[0] != (presenter.Line{Mark: presenter.MarkWarning, Text: "Row 1"}) || !strings.Contains(row[2].Text, "Department, City") {
		t.Errorf("%+v", st)
	}
}

func TestAFileThatIsNotThere(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	if st := preview(t, s, "none.csv"); st.CanDo || !st.Again || !strings.HasPrefix(st.Wrong, "none.csv: ") {
		t.Errorf("%+v", st)
	}
}

// What is wrong is mended in another program, and the file is read again.
func TestAMendedFileIsReadAgain(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	p := s.Presenter
	p.ReadAgain() // nothing is open
	if st := preview(t, s, "bad.csv"); !st.Again || st.CanDo {
		t.Fatalf("%+v", st)
	}
	s.Importer.Files["bad.csv"] = s.Importer.Files["good.csv"]
	p.ReadAgain()
	if st := p.State().Takeover; !st.Again || st.Busy == "" {
		t.Errorf("while it is read: %+v", st)
	}
	until(t, s, func(st presenter.State) bool { return st.Takeover.Busy == "" })
	if st := p.State().Takeover; st.Again || !st.CanDo || st.Wrong != "" {
		t.Errorf("mended: %+v", st)
	}
}

func TestWhatCannotBeSavedIsTold(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	preview(t, s, "good.csv")
	im := s.Importer
	im.Fails = errors.New("disk full")
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool { return st.Takeover.Wrong != "" })
	if st := s.Presenter.State().Takeover; !strings.Contains(st.Wrong, "disk full") || !st.CanDo {
		t.Errorf("%+v", st)
	}
	im.Fails = table.ErrOtherwise
	s.Presenter.TakeOver()
	until(t, s, func(st presenter.State) bool {
		return st.Takeover.Busy == "" && strings.Contains(st.Takeover.Wrong, "in the meantime")
	})
}

// Who leaves the preview while it is saved is told what came of it, and stays
// where he is.
func TestLeavingThePreviewWhileItIsSaved(t *testing.T) {
	for _, fails := range []error{errors.New("disk full"), table.ErrOtherwise, nil} {
		s := play(t, scripted.Tables, scripted.Helpdesk())
		preview(t, s, "good.csv")
		s.Importer.Fails = fails
		s.Presenter.TakeOver()
		s.Presenter.NewMailbox()
		until(t, s, func(st presenter.State) bool { return st.Notice != nil && st.Notice.Bad == (fails != nil) })
		st := s.Presenter.State()
		if want := map[bool]string{true: "4 mailboxes were imported", false: "othing was imported"}[fails == nil]; st.Welcome == nil || st.Takeover != nil || !strings.Contains(st.Notice.Text, want) {
			t.Errorf("%v: %q, %+v", fails, st.Notice.Text, st.Welcome)
		}
	}
}

func TestAMailboxThatIsWorkedOnIsNotReplaced(t *testing.T) {
	s := play(t, scripted.Tables, scripted.Helpdesk())
	begun := steer(s)
	s.Presenter.Request()
	<-begun
	preview(t, s, "good.csv")
	s.Presenter.TakeOver()
	names, _ := s.Book.Names()
	if st := s.Presenter.State().Takeover; st == nil || !strings.Contains(st.Wrong, "Helpdesk") || len(names) != 1 {
		t.Errorf("%+v, %q", st, names)
	}
}

// The same out again: what is exported is, taken over, exactly what is saved.
func TestAllOutAndInAgain(t *testing.T) {
	home := t.TempDir()
	book := mailbox.NewBook(home)
	all := []mailbox.Definition{scripted.Named("Helpdesk"), scripted.Named("Orders"), scripted.Named("Scanner")}
	if err := book.Put(all...); err != nil {
		t.Fatal(err)
	}
	s := play(t, nil, all...)
	for _, name := range []string{"all.csv", "all.json"} {
		data, err := s.Presenter.ExportAll(name)()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		file := filepath.Join(home, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := table.Importer{Book: book}.Preview(file)
		if err != nil || !p.OK() || len(p.Rows) != 3 || len(p.Definitions()) != 0 {
			t.Errorf("%s: %v, %+v", name, err, p)
		}
	}
	if s.Presenter.ExportAll("all.pdf") != nil {
		t.Error("an ending that is none is taken")
	}
}

// As the test and the report, it keeps to what the overview is narrowed to.
func TestOnlyThoseShownAreExported(t *testing.T) {
	s := playSeveral(t)
	exported := func() string {
		data, err := s.Presenter.ExportAll("all.json")()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, row := range table.Read("all.json", data).Rows {
			names = append(names, row.Definition.Name)
		}
		return strings.Join(names, " ")
	}
	if got := exported(); strings.Count(got, " ") != 5 || s.Presenter.State().Overview.Filtered {
		t.Errorf("all: %s", got)
	}
	s.Presenter.FilterOverview("orders")
	if got := exported(); got != "Orders" || !s.Presenter.State().Overview.Filtered {
		t.Errorf("those shown: %s", got)
	}
	s.Presenter.Select(0) // whose page does not show the filter
	if got := exported(); strings.Count(got, " ") != 5 {
		t.Errorf("from a mailbox's page: %s", got)
	}
}
