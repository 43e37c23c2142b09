package practice

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

const (
	inbox        = "INBOX"
	sentItems    = "Sent Items"
	drafts       = "Drafts"
	deletedItems = "Deleted Items"
)

var folders = []string{inbox, sentItems, drafts, deletedItems}

// mailStore is one mailbox. The memory store of the IMAP library holds it but
// does not give messages back, so POP3 reads the inbox from copies kept here.
// A message moved into the inbox from another folder is not seen by POP3.
type mailStore struct {
	user *imapmemserver.User

	mu     sync.Mutex
	bodies map[imap.UID][]byte
}

type message struct {
	uid  imap.UID
	body []byte
}

// newMailStores makes the mailboxes of all accounts, with a few messages. In memory
// nothing can fail.
func newMailStores(now func() time.Time) map[string]*mailStore {
	stores := map[string]*mailStore{}
	for _, a := range Accounts {
		if a.Address == "" {
			continue
		}
		s := &mailStore{user: imapmemserver.NewUser(a.UPN, ""), bodies: map[imap.UID][]byte{}}
		for _, folder := range folders {
			_ = s.user.Create(folder, nil)
		}
		for i, m := range samples(a) {
			_, _ = s.append(inbox, m.raw(a, i, now()), &imap.AppendOptions{Time: now()})
		}
		stores[strings.ToLower(a.Address)] = s
	}
	return stores
}

func (s *mailStore) append(folder string, raw []byte, options *imap.AppendOptions) (*imap.AppendData, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.user.Append(folder, bytes.NewReader(raw), options)
	if err == nil && strings.EqualFold(folder, inbox) {
		s.bodies[data.UID] = raw
	}
	return data, err
}

// uids are those of the messages in a folder, in ascending order; none where the
// folder was deleted.
func (s *mailStore) uids(folder string) []imap.UID {
	session := imapmemserver.NewUserSession(s.user)
	defer func() { _ = session.Close() }()
	if _, err := session.Select(folder, nil); err != nil {
		return nil
	}
	found, _ := session.Search(imapserver.NumKindUID, &imap.SearchCriteria{}, &imap.SearchOptions{}) // of any message
	return found.AllUIDs()
}

// messages are those in the inbox, oldest first.
func (s *mailStore) messages() []message {
	uids := s.uids(inbox)
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []message
	for _, uid := range uids {
		if body, ok := s.bodies[uid]; ok {
			list = append(list, message{uid, body})
		}
	}
	return list
}

func (s *mailStore) remove(uids ...imap.UID) error {
	session := imapmemserver.NewUserSession(s.user)
	defer func() { _ = session.Close() }()
	if _, err := session.Select(inbox, nil); err != nil {
		return err
	}
	set := imap.UIDSetNum(uids...)
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := session.Store(nil, set, flags, nil); err != nil {
		return err
	}
	if err := session.Expunge(&imapserver.ExpungeWriter{}, &set); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, uid := range uids {
		delete(s.bodies, uid)
	}
	return nil
}

// Deliver puts a message into a folder of the mailbox of an address.
func (t *Tenant) Deliver(address, folder, text string) error {
	_, err := t.boxes[strings.ToLower(address)].append(folder, []byte(text), &imap.AppendOptions{Time: t.now()})
	return err
}

// Inbox returns the messages in the inbox of an address, the oldest first, as
// they were delivered. There are some from the beginning.
func (t *Tenant) Inbox(address string) (all [][]byte) {
	for _, m := range t.boxes[strings.ToLower(address)].messages() {
		all = append(all, m.body)
	}
	return all
}

// Messages lists what the mailbox of an address holds, each as its folder and
// its UID.
func (t *Tenant) Messages(address string) []string {
	var all []string
	for _, folder := range folders {
		for _, uid := range t.boxes[strings.ToLower(address)].uids(folder) {
			all = append(all, fmt.Sprintf("%s %d", folder, uid))
		}
	}
	return all
}

// sample is a message that is there from the beginning.
type sample struct{ from, subject, text string }

func samples(a Account) []sample {
	welcome := sample{"admin@contoso.test", "Welcome", "This mailbox belongs to the practice tenant."}
	if a.UPN != Helpdesk.UPN {
		return []sample{welcome}
	}
	return []sample{
		welcome,
		{"jane.doe@contoso.test", "Printer on the second floor", "It prints everything twice. Can somebody have a look?"},
		{"partner@fabrikam.test", "Access to the shared folder", "I cannot open the folder since Monday."},
	}
}

func (m sample) raw(to Account, n int, at time.Time) []byte {
	lines := []string{
		"From: <" + m.from + ">", "To: " + to.Name + " <" + to.Address + ">", "Subject: " + m.subject,
		"Date: " + at.Format(time.RFC1123Z), fmt.Sprintf("Message-ID: <sample-%d.%s>", n+1, to.Address),
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", m.text, "",
	}
	return []byte(strings.Join(lines, "\r\n"))
}
