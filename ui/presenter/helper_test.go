package presenter_test

import (
	"context"
	"testing"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
	"mailgrant/ui/scripted"
)

// play starts a presenter without a window. Of several mailboxes the first is open.
func play(t *testing.T, set func(*scripted.Stage), saved ...mailbox.Definition) *scripted.Stage {
	t.Helper()
	return playOverview(t, func(s *scripted.Stage) {
		if len(saved) > 1 {
			s.Notes.Mailbox = saved[0].Name
		}
		if set != nil {
			set(s)
		}
	}, saved...)
}

// playOverview is play with none of several open.
func playOverview(t *testing.T, set func(*scripted.Stage), saved ...mailbox.Definition) *scripted.Stage {
	t.Helper()
	s := scripted.NewStage(i18n.English, saved...)
	if set != nil {
		set(s)
	}
	s.Play()
	t.Cleanup(s.Presenter.Close)
	return s
}

func playHelpdesk(t *testing.T) *scripted.Stage {
	t.Helper()
	s := play(t, nil, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Hint != "" })
	return s
}

func playValid(t *testing.T) *scripted.Stage {
	t.Helper()
	s := play(t, func(s *scripted.Stage) { s.Engine.Store(scripted.Valid(scripted.Clock), nil) }, scripted.Helpdesk())
	until(t, s, func(st presenter.State) bool { return st.Auth.Status.Mark == presenter.MarkGood })
	return s
}

func until(t *testing.T, s *scripted.Stage, wanted func(presenter.State) bool) {
	t.Helper()
	if err := s.Until(wanted); err != nil {
		t.Fatal(err)
	}
}

// request is a sign-in that a test steers.
type request struct {
	d    mailbox.Definition
	o    authorization.Options
	ctx  context.Context
	done chan error
}

// steer makes the engine's sign-ins wait for the test.
func steer(s *scripted.Stage) <-chan *request {
	begun := make(chan *request, 4)
	s.Engine.OnRequest = func(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
		r := &request{d, o, ctx, make(chan error, 1)}
		begun <- r
		select {
		case err := <-r.done:
			return authorization.Result{Status: authorization.Status{Account: scripted.Account, Identity: oauth.Same, Granted: scripted.Scopes}}, err
		case <-ctx.Done():
			return authorization.Result{}, ctx.Err()
		}
	}
	return begun
}

// signInFails begins a sign-in, lets it fail and waits for what is told of it.
func signInFails(t *testing.T, s *scripted.Stage, err error) (begun <-chan *request) {
	t.Helper()
	begun = steer(s)
	s.Presenter.Request()
	(<-begun).done <- err
	until(t, s, func(st presenter.State) bool { return st.Auth.Finding != nil })
	return begun
}

func form(s *scripted.Stage, f presenter.Field) string { return s.Presenter.State().Form.Form[f] }

func wantForm(t *testing.T, s *scripted.Stage, want map[presenter.Field]string) {
	t.Helper()
	for field, value := range want {
		if got := form(s, field); got != value {
			t.Errorf("%s = %q; want %q", field, got, value)
		}
	}
}

// title is what a cause is called.
func title(c diagnosis.Cause) string {
	return diagnosis.New(c, "", nil).Render(i18n.For(i18n.English)).Title
}
