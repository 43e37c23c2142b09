package scripted

import (
	"mailgrant/internal/mailbox"
	"mailgrant/oauth"
	"mailgrant/ui/presenter"
)

// queued opens the queue of an overview that is read.
var queued = acts(until(func(st presenter.State) bool {
	return st.Overview.SignIn != "" && st.Overview.Rows[5].Cells[6].Text != ""
}), press((*presenter.Presenter).ShowQueue))

// queueScenes are the states of signing mailboxes in one after another.
func queueScenes() []Scene {
	start := press((*presenter.Presenter).StartQueue)
	return []Scene{
		{Name: "queue", Set: Several, Do: queued},
		{Name: "queue-waiting", Set: sets(Several, func(s *Stage) {
			s.Engine.hang(started, oauth.BrowserStarted{Way: mailbox.SignInPrivateWindow, Browser: "Microsoft Edge"})
		}), Do: acts(queued, start, until(func(st presenter.State) bool { return st.Queue.Waiting != nil && st.Queue.Waiting.CanOpen }))},
		{
			Name: "queue-question", Set: sets(Several, func(s *Stage) {
				for _, name := range []string{"Orders", "Sales"} {
					d, _ := s.Book.Get(name)
					d.OAuth.Authority = "https://login.example.com"
					_ = s.Book.Put(d)
				}
			}), Do: acts(queued, start),
		},
		{
			Name: "queue-refused", Set: sets(Several, func(s *Stage) { s.Engine.refuse(Somebody()) }),
			Do: acts(queued, start, until(func(st presenter.State) bool { return st.Queue.CanStart })),
		},
	}
}
