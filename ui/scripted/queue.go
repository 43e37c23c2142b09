package scripted

import (
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
			s.Engine.hang(started, oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Microsoft Edge"})
			s.Presenter.StartQueue()
			return s.Until(func(st presenter.State) bool { return st.Queue.Waiting != nil && st.Queue.Waiting.CanOpen })
		}},
		{Name: "queue-refused", Set: Several, Do: func(s *Stage) error {
			if err := open(s); err != nil {
				return err
			}
			s.Engine.refuse(Somebody())
			s.Presenter.StartQueue()
			return s.Until(func(st presenter.State) bool { return st.Queue.CanStart })
		}},
	}
}
