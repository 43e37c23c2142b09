package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"mailgrant/internal/i18n"
	"mailgrant/ui"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// openMany shows the overview of so many mailboxes in a window.
func openMany(t testing.TB, look fyne.Theme, count int) *scripted.Stage {
	t.Helper()
	wear(look)
	s := scripted.NewStage(i18n.English)
	s.Rows = &scripted.Rows{}
	s.Engine.OnStatus, s.Past = s.Rows.Status, s.Rows.Past
	for n := range count {
		d := scripted.Named(fmt.Sprintf("Mailbox%03d", n))
		if err := s.Book.Put(d); err != nil {
			t.Fatal(err)
		}
		s.Rows.Put(d.Name, scripted.Tested(scripted.Clock.Add(-time.Hour), scripted.Clock.AddDate(0, 0, n), ""))
	}
	s.Show(test.NewTempWindow(t, nil), fyne.NewSize(1024, 700))
	t.Cleanup(s.Presenter.Close)
	err := s.Until(func(st presenter.State) bool {
		last := st.Overview.Rows[count-1].Cells
		return last[6].Text != "" && last[2].Text != ""
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFiveHundredMailboxes(t *testing.T) {
	s := openMany(t, ui.PlainLook(), 500)
	if got := look(s.Window.Content()); !got.has("500 mailboxes") || !got.has("mailbox000@contoso.com") || got.has("mailbox499@contoso.com") {
		t.Error("the first rows are not those in sight")
	}
	if made := s.View.OverviewRows(); made > 100 {
		t.Errorf("%d rows have widgets", made)
	}
	s.View.ScrollOverview(499)
	if !look(s.Window.Content()).has("mailbox499@contoso.com") {
		t.Error("the last row is not in sight")
	}
	if made := s.View.OverviewRows(); made > 100 {
		t.Errorf("%d rows have widgets after scrolling", made)
	}
	test.Type(s.Window.Canvas().Focused(), "box123")
	if got := look(s.Window.Content()); !got.has("1 of 500 mailboxes") || !got.has("mailbox123@contoso.com") || got.has("mailbox499@contoso.com") {
		t.Error("what is typed does not filter")
	}
	press(s, fyne.KeyDown)
	press(s, fyne.KeySpace)
	if st := s.State; st.Name != "Mailbox123" {
		t.Fatalf("Down does not lead into the list: %q", st.Name)
	}
	s.View.OpenOverview()
	press(s, fyne.KeyReturn)
	if st := s.State; st.Name != "Mailbox123" {
		t.Fatalf("Enter does not open the one that is left: %q", st.Name)
	}
	s.View.OpenOverview()
	s.View.TapOverview(0)
	if st := s.State; st.Name != "Mailbox123" || st.Overview != nil || !look(s.Window.Content()).has("Mailbox test") {
		t.Errorf("a click opened %q", st.Name)
	}
	s.View.OpenOverview()
	if !look(s.Window.Content()).has("1 of 500 mailboxes") {
		t.Error("the list does not lead back to the overview")
	}
}

func TestAHeadSorts(t *testing.T) {
	s := openMany(t, ui.Look(), 50)
	for _, want := range []string{"Mailbox000", "Mailbox049"} {
		s.View.SortOverview(presenter.ColumnUntil)
		if got := s.State.Overview.Rows[0].Cells[0].Text; got != want {
			t.Errorf("first: %s; want %s", got, want)
		}
	}
}

func TestTheOverviewByTheKeyboard(t *testing.T) {
	s := openMany(t, ui.Look(), 3)
	c := s.Window.Canvas()
	pressCtrl(s, fyne.KeyN) // asks for an address: there is nothing to be found then
	asked := c.Focused()
	if pressCtrl(s, fyne.KeyF); c.Focused() != asked || asked == nil {
		t.Errorf("Ctrl+F: the caret went from %T to %T", asked, c.Focused())
	}
	press(s, fyne.KeyEscape)
	pressCtrl(s, fyne.KeyF)
	test.Type(c.Focused(), "002")
	for range 20 {
		c.FocusNext()
		if s.View.OverviewFocused() {
			break
		}
	}
	press(s, fyne.KeyReturn)
	if s.State.Name != "Mailbox002" {
		t.Errorf("Enter opened %q", s.State.Name)
	}
	// From a mailbox it leads back, with what was looked for.
	pressCtrl(s, fyne.KeyF)
	if text, _ := entryText(c.Focused().(fyne.CanvasObject)); s.State.Overview == nil || text != "002" {
		t.Errorf("Ctrl+F in a mailbox: the caret is in %q", text)
	}
}

// BenchmarkScroll moves the table by most of a page and writes the rows; draw
// also paints the window with the processor. The toolkit's own painter cannot
// do the plain look.
func BenchmarkScroll(b *testing.B) {
	for name, draw := range map[string]bool{"rows": false, "draw": true} {
		b.Run(name, func(b *testing.B) {
			s := openMany(b, ui.Look(), 500)
			for i := 0; b.Loop(); i++ {
				s.View.ScrollOverview(i * 17 % 500)
				if draw {
					s.Window.Canvas().Capture()
				}
			}
		})
	}
}

// BenchmarkResult is what one result of a test of 500 costs the window.
func BenchmarkResult(b *testing.B) {
	s := openMany(b, ui.Look(), 500)
	s.Presenter.SortOverview(presenter.ColumnCause)
	for b.Loop() {
		s.View.Render(s.Presenter.State())
	}
}

// TestLongNamesTakeTheRoomThatCausesLeave: nothing is cut while there is room beside it.
func TestLongNamesTakeTheRoomThatCausesLeave(t *testing.T) {
	s := scripted.NewStage(i18n.English)
	names := []string{"Central invoices of the department", "Short"}
	for _, name := range names {
		d := scripted.Named("desk")
		d.Name = name
		if err := s.Book.Put(d); err != nil {
			t.Fatal(err)
		}
	}
	s.Show(test.NewTempWindow(t, nil), fyne.NewSize(1280, 800))
	t.Cleanup(s.Presenter.Close)
	if err := s.Until(func(st presenter.State) bool { return st.Overview != nil && len(st.Overview.Rows) == len(names) }); err != nil {
		t.Fatal(err)
	}
	cut := func() (cut []string) {
		got := look(s.Window.Content())
		for _, l := range got.lines {
			if strings.HasSuffix(l.text, "…") && !slices.Contains(got.words, l.text) {
				cut = append(cut, l.text)
			}
		}
		return cut
	}
	if cut := cut(); cut != nil {
		t.Errorf("cut off: %q", cut)
	}
	// A name for which there is no room leaves the addresses theirs.
	d := scripted.Named("desk")
	d.Name = strings.Repeat("Wide ", 12) + "name"
	if err := s.Book.Put(d); err != nil {
		t.Fatal(err)
	}
	s.Presenter.Reread()
	if err := s.Until(func(st presenter.State) bool { return len(st.Overview.Rows) == 3 }); err != nil {
		t.Fatal(err)
	}
	if cut := cut(); len(cut) != 1 || !strings.HasPrefix(cut[0], "Wide") {
		t.Errorf("cut off: %q", cut)
	}
}

// Nothing in the overview of a small company is cut off at 1024 pixels.
func TestTheOverviewUsesItsWidthWell(t *testing.T) {
	for _, language := range i18n.Languages {
		got := look(open(t, "overview", language, 1024, 700).Window.Content())
		for _, l := range got.lines {
			if strings.HasSuffix(l.text, "…") && !slices.Contains(got.words, l.text) {
				t.Errorf("%s: cut off: %q", language, l.text)
			}
		}
		if !got.has("@contoso.com") {
			t.Errorf("%s: no addresses", language)
		}
	}
}
