package presenter_test

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// settled is a state in which every mailbox's standing is known.
func settled(st presenter.State) bool {
	return len(st.Standing) == len(st.Mailboxes) && !slices.Contains(st.Standing, presenter.Line{})
}

func TestTheListShowsHowEachMailboxStands(t *testing.T) {
	refused := scripted.Valid(scripted.Clock)
	refused.State = authorization.StateRefused
	doubtful := scripted.Valid(scripted.Clock)
	doubtful.Diagnosis = &diagnosis.Diagnosis{Cause: diagnosis.CauseIDTokenInvalid}
	ending := scripted.Valid(scripted.Clock)
	ending.EndsIfUnusedBy = scripted.Clock.Add(24 * time.Hour)
	both := ending // its card says the same
	both.Diagnosis = doubtful.Diagnosis
	for name, c := range map[string]struct {
		stored authorization.Status
		err    error
		want   presenter.Line
	}{
		"valid":      {stored: scripted.Valid(scripted.Clock), want: presenter.Line{Mark: presenter.MarkGood, Text: "valid"}},
		"ending":     {stored: ending, want: presenter.Line{Mark: presenter.MarkWarning, Text: "ends soon"}},
		"doubtful":   {stored: doubtful, want: presenter.Line{Mark: presenter.MarkWarning, Text: "renewal refused"}},
		"both":       {stored: both, want: presenter.Line{Mark: presenter.MarkWarning, Text: "renewal refused"}},
		"refused":    {stored: refused, want: presenter.Line{Mark: presenter.MarkBad, Text: "refused"}},
		"none":       {stored: authorization.Status{State: authorization.StateNone}, want: presenter.Line{Mark: presenter.MarkPending, Text: "no authorization"}},
		"unreadable": {authorization.Status{State: authorization.StateNone}, errors.New("key"), presenter.Line{Mark: presenter.MarkBad, Text: "cannot be opened"}},
	} {
		t.Run(name, func(t *testing.T) {
			password := named("C")
			password.Authentication = mailbox.AuthPassword
			s := play(t, func(s *scripted.Stage) { s.Engine.Store(c.stored, c.err) }, named("A"), named("B"), password)
			until(t, s, settled)
			// The second and third were never opened.
			want := []presenter.Line{c.want, c.want, {Mark: presenter.MarkSkipped, Text: "password"}}
			if got := s.Presenter.State().Standing; !slices.Equal(got, want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}

// The list and the overview, which stand beside each other, say the same of a
// client secret that cannot be opened, and the mailbox's card tells why.
func TestASecretThatCannotBeOpenedIsToldEverywhere(t *testing.T) {
	s := playOverview(t, func(s *scripted.Stage) {
		s.Engine.Store(scripted.Valid(scripted.Clock), nil)
		s.Engine.SecretShut = diagnosis.New(diagnosis.CauseStoreKeyUnavailable, "", nil)
	}, named("A"), named("B"))
	until(t, s, settled)
	want := presenter.Line{Mark: presenter.MarkBad, Text: "cannot be opened"}
	st := s.Presenter.State()
	if cells := st.Overview.Rows[0].Cells; st.Standing[0] != want || cells[2] != want || cells[7].Text != "The authorization cannot be opened" {
		t.Errorf("%v in the list, %v and %q in the overview", st.Standing[0], cells[2], cells[7].Text)
	}
	s.Presenter.Select(0)
	if auth := s.Presenter.State().Auth; auth.Status.Mark != presenter.MarkBad || auth.Finding == nil || auth.Finding.Title != title(diagnosis.CauseStoreKeyUnavailable) {
		t.Errorf("%+v", auth)
	}
}

// validAfter answers, whenever it is let, that the authorization is valid.
func validAfter(let <-chan struct{}) func(mailbox.Definition) (authorization.Status, error) {
	return func(mailbox.Definition) (authorization.Status, error) {
		<-let
		return scripted.Valid(scripted.Clock), nil
	}
}

// Who waits for the first reading before the window is shown finds it queued
// when the wait ends, and waits for nothing where there is nothing to read.
func TestTheFirstReadingIsToldOfWhenItIsQueued(t *testing.T) {
	let := make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnStatus = validAfter(let) }, scripted.Helpdesk())
	select {
	case <-s.Presenter.Read:
		t.Fatal("it is told of before it is over")
	default:
	}
	close(let)
	<-s.Presenter.Read
	s.Settle()
	if got := s.Presenter.State().Auth.Status.Mark; got != presenter.MarkGood {
		t.Errorf("what was read is not there: %v", got)
	}
	<-play(t, nil).Presenter.Read
}

// What is done with an authorization is done for all mailboxes that share it.
func TestTheListFollowsASharedAuthorization(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) }, named("A"), named("B"))
	until(t, s, settled)
	s.Engine.Store(authorization.Status{State: authorization.StateNone}, nil)
	s.Presenter.Forget()
	until(t, s, func(st presenter.State) bool {
		return st.Standing[0].Mark == presenter.MarkPending && st.Standing[1].Mark == presenter.MarkPending
	})
}

// With very many mailboxes the open one does not wait for the others, one is
// read at a time, and the list fills in portions.
func TestManyMailboxesAreReadOneAfterTheOther(t *testing.T) {
	var saved []mailbox.Definition
	for i := range 200 {
		d := named(fmt.Sprintf("M%03d", i))
		d.OAuth.Tenant = fmt.Sprintf("m%d.example", i) // no two share an authorization
		saved = append(saved, d)
	}
	ready := make(chan struct{}) // lets the others be read
	var at, most atomic.Int32
	renders := 0
	s := play(t, func(s *scripted.Stage) {
		s.Notes.Mailbox = "M150"
		s.Engine.OnStatus = func(d mailbox.Definition) (authorization.Status, error) {
			if d.Name == "M150" {
				return scripted.Valid(scripted.Clock), nil
			}
			most.Store(max(most.Load(), at.Add(1)))
			defer at.Add(-1)
			<-ready
			return authorization.Status{State: authorization.StateNone}, nil
		}
		s.OnRender = func() { renders++ }
	}, saved...)
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	if st := s.Presenter.State(); st.Standing[150].Text != "valid" || st.Standing[0] != (presenter.Line{}) {
		t.Errorf("standing %v, %v", st.Standing[150], st.Standing[0])
	}
	close(ready)
	until(t, s, settled)
	if most.Load() != 1 || renders > 20 {
		t.Errorf("%d at once, drawn %d times", most.Load(), renders)
	}
}

// What is read about a mailbox that was deleted meanwhile changes nothing.
func TestALateAnswerAboutADeletedMailboxIsDropped(t *testing.T) {
	answer := make(chan struct{})
	s := play(t, func(s *scripted.Stage) { s.Engine.OnStatus = validAfter(answer) }, named("A"))
	s.Presenter.Delete()
	answer <- struct{}{} // the late one
	s.Next()
	s.Presenter.Undo()
	if st := s.Presenter.State(); st.Standing[0] != (presenter.Line{}) {
		t.Errorf("the late answer is shown: %v", st.Standing[0])
	}
	close(answer) // for what is read since
	until(t, s, settled)
}

// A test may renew a token or find it refused: that holds for all that share it.
func TestTheListFollowsATest(t *testing.T) {
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) }, named("A"), named("B"))
	until(t, s, settled)
	s.Tests = scripted.Tests(scripted.AllGood(), nil)
	s.Engine.Store(scripted.Refused(scripted.Clock), nil)
	s.Presenter.Test()
	until(t, s, func(st presenter.State) bool {
		return st.Standing[0].Mark == presenter.MarkBad && st.Standing[1].Mark == presenter.MarkBad
	})
}
