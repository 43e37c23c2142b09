package scripted

import (
	"context"

	"mailgrant/app/authorization"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

func queueScenes() []Scene {
	open := func(s *Stage) error {
		err := s.Until(func(st presenter.State) bool {
			return st.Overview.SignIn != "" && st.Overview.Rows[5].Cells[6].Text != ""
		})
		s.Presenter.ShowQueue()
		return err
	}
	return []Scene{
		{Name: "queue", Set: Several, Do: open},
		{Name: "queue-waiting", Set: Several, Do: func(s *Stage) error {
			if err := open(s); err != nil {
				return err
			}
			s.Engine.OnRequest = func(ctx context.Context, d mailbox.Definition, o authorization.Options) (authorization.Result, error) {
				at := started
				at.Account = d.User
				o.OnEvent(at)
				o.OnEvent(oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Microsoft Edge"})
				<-ctx.Done()
				return authorization.Result{}, diagnosis.New(diagnosis.CauseCancelled, diagnosis.PhaseAuthorize, nil)
			}
			s.Presenter.StartQueue()
			return s.Until(func(st presenter.State) bool { return st.Queue.Waiting != nil && st.Queue.Waiting.CanOpen })
		}},
		{Name: "queue-refused", Set: Several, Do: func(s *Stage) error {
			if err := open(s); err != nil {
				return err
			}
			s.Engine.OnRequest = func(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error) {
				return authorization.Result{}, Somebody()
			}
			s.Presenter.StartQueue()
			return s.Until(func(st presenter.State) bool { return st.Queue.CanStart })
		}},
	}
}
