package presenter_test

import (
	"fmt"
	"testing"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// BenchmarkState is what a change of the overview of 500 costs before anything is
// drawn: whole, and with a filter that leaves one.
func BenchmarkState(b *testing.B) {
	s := scripted.NewStage(i18n.English)
	s.Rows = &scripted.Rows{}
	s.Engine.OnStatus, s.Past = s.Rows.Status, s.Rows.Past
	for n := range 500 {
		d := scripted.Named(fmt.Sprintf("Mailbox%03d", n))
		if err := s.Book.Put(d); err != nil {
			b.Fatal(err)
		}
		s.Rows.Put(d.Name, scripted.Tested(scripted.Clock.Add(-time.Hour), scripted.Clock.AddDate(0, 0, n), ""))
	}
	s.Play()
	b.Cleanup(s.Presenter.Close)
	err := s.Until(func(st presenter.State) bool {
		last := st.Overview.Rows[499].Cells
		return last[6].Text != "" && last[2].Text != ""
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, filter := range []string{"", "box123"} {
		s.Presenter.FilterOverview(filter)
		b.Run("filter="+filter, func(b *testing.B) {
			for b.Loop() {
				s.Presenter.State()
			}
		})
	}
}
