package practice

import (
	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// unconnected is a session without a mailbox: every command fails.
type unconnected struct{}

var _ imapserver.SessionIMAP4rev2 = unconnected{}

func (unconnected) Close() error               { return nil }
func (unconnected) Login(string, string) error { return errNotConnected }
func (unconnected) Select(string, *imap.SelectOptions) (*imap.SelectData, error) {
	return nil, errNotConnected
}
func (unconnected) Create(string, *imap.CreateOptions) error         { return errNotConnected }
func (unconnected) Delete(string) error                              { return errNotConnected }
func (unconnected) Rename(string, string, *imap.RenameOptions) error { return errNotConnected }
func (unconnected) Subscribe(string) error                           { return errNotConnected }
func (unconnected) Unsubscribe(string) error                         { return errNotConnected }
func (unconnected) List(*imapserver.ListWriter, string, []string, *imap.ListOptions) error {
	return errNotConnected
}

func (unconnected) Status(string, *imap.StatusOptions) (*imap.StatusData, error) {
	return nil, errNotConnected
}

func (unconnected) Append(string, imap.LiteralReader, *imap.AppendOptions) (*imap.AppendData, error) {
	return nil, errNotConnected
}
func (unconnected) Poll(*imapserver.UpdateWriter, bool) error            { return nil }
func (unconnected) Idle(*imapserver.UpdateWriter, <-chan struct{}) error { return errNotConnected }

func (unconnected) Namespace() (*imap.NamespaceData, error) { return nil, errNotConnected }

func (unconnected) Unselect() error { return errNotConnected }

func (unconnected) Expunge(*imapserver.ExpungeWriter, *imap.UIDSet) error { return errNotConnected }

func (unconnected) Move(*imapserver.MoveWriter, imap.NumSet, string) error { return errNotConnected }

func (unconnected) Copy(imap.NumSet, string) (*imap.CopyData, error) { return nil, errNotConnected }

func (unconnected) Search(imapserver.NumKind, *imap.SearchCriteria, *imap.SearchOptions) (*imap.SearchData, error) {
	return nil, errNotConnected
}

func (unconnected) Fetch(*imapserver.FetchWriter, imap.NumSet, *imap.FetchOptions) error {
	return errNotConnected
}

func (unconnected) Store(*imapserver.FetchWriter, imap.NumSet, *imap.StoreFlags, *imap.StoreOptions) error {
	return errNotConnected
}
