package practice

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// unconnected is a session without a mailbox: every command fails. Those that
// need a selected folder the library refuses by itself, so they are not here.
type unconnected struct{ imapserver.SessionIMAP4rev2 }

func (unconnected) Close() error                                     { return nil }
func (unconnected) Poll(*imapserver.UpdateWriter, bool) error        { return nil }
func (unconnected) Create(string, *imap.CreateOptions) error         { return errNotConnected }
func (unconnected) Delete(string) error                              { return errNotConnected }
func (unconnected) Rename(string, string, *imap.RenameOptions) error { return errNotConnected }
func (unconnected) Subscribe(string) error                           { return errNotConnected }
func (unconnected) Unsubscribe(string) error                         { return errNotConnected }
func (unconnected) Namespace() (*imap.NamespaceData, error)          { return nil, errNotConnected }

func (unconnected) Idle(*imapserver.UpdateWriter, <-chan struct{}) error { return errNotConnected }

func (unconnected) Select(string, *imap.SelectOptions) (*imap.SelectData, error) {
	return nil, errNotConnected
}

func (unconnected) List(*imapserver.ListWriter, string, []string, *imap.ListOptions) error {
	return errNotConnected
}

func (unconnected) Status(string, *imap.StatusOptions) (*imap.StatusData, error) {
	return nil, errNotConnected
}
