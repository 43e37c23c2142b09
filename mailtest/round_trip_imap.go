package mailtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/pattern"
)

const (
	inboxFolder = "INBOX"
	// lastMessages is how many messages a letter is looked for among: it is
	// new wherever it lies.
	lastMessages = 50
	// maxFolders is in how many folders a letter is looked for.
	maxFolders = 60
)

// imapReader looks for a letter by IMAP.
type imapReader struct {
	s      *opened
	d      *imapDialog
	folder string // that is open
}

// openIMAP signs in and opens the inbox. shared says that it is to be the
// mailbox of the definition, not the account's own.
func (t *roundTrip) openIMAP(ctx context.Context, shared bool) (*imapReader, error) {
	d := t.cfg.Mailbox
	if !shared {
		d.SharedMailbox = ""
	}
	s, err := t.open(ctx, IMAP, *d.Server(IMAP), d)
	if err != nil {
		return nil, err
	}
	r := &imapReader{s: s, d: s.dialog.(*imapDialog)}
	r.d.capabilities = nil // many servers tell only now what they can
	s.limited(true)
	err = r.d.ask()
	s.limited(false)
	if err == nil {
		err = r.open(folder{inboxFolder, inboxFolder, ""})
	}
	if err != nil {
		err = r.failing(err)
		r.quit()
		return nil, err
	}
	return r, nil
}

// do sends a command, within the time limit of a command.
func (r *imapReader) do(command string) ([]response, error) {
	r.s.limited(true)
	defer r.s.limited(false)
	return r.d.do(command)
}

func (r *imapReader) can(capability string) bool {
	return slices.Contains(r.d.capabilities, capability)
}

// failing names the cause of an error, unless that is the end of the waiting.
func (r *imapReader) failing(err error) error {
	if err == nil || err == context.DeadlineExceeded || err == context.Canceled {
		return err
	}
	return r.s.blame(StepMailbox, err)
}

// folder is one of the mailbox's.
type folder struct {
	name       string // as it is shown
	spelt      string // as the server writes it
	attributes string // in lower case
}

func (r *imapReader) open(f folder) error {
	r.d.messages = 0
	_, err := r.do("SELECT " + f.spelt)
	r.folder = f.name
	return err
}

func (r *imapReader) find(ctx context.Context, l letter) error {
	for pause := lookAgain; ; pause = min(pause*3/2, lookSeldom) {
		had := r.d.messages
		uid, err := r.uidOf(l)
		if uid != "" || err != nil {
			return r.failing(err)
		}
		if r.d.messages > had {
			continue // it came while we looked
		}
		if err := r.await(ctx, pause); err != nil {
			return r.failing(err)
		}
	}
}

// await waits for news: by IDLE where the server knows it, else for a while.
func (r *imapReader) await(ctx context.Context, pause time.Duration) error {
	if r.can("IDLE") {
		err := r.idle(ctx)
		if !isRefusal(err) {
			return err
		}
		r.d.capabilities = slices.DeleteFunc(r.d.capabilities, func(c string) bool { return c == "IDLE" })
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pause):
	}
	_, err := r.do("NOOP")
	return err
}

// idleTime is when IDLE is begun anew: whatever comes meanwhile is looked at.
const idleTime = 20 * time.Second

// idle waits for a message more (RFC 2177), for a while or until ctx ends.
func (r *imapReader) idle(ctx context.Context) error {
	tag, err := r.d.send("IDLE")
	if err != nil {
		return err
	}
	had := r.d.messages
	waiting, enough := context.WithTimeout(ctx, idleTime)
	defer enough()
	defer r.s.limited(false)
	idling := context.AfterFunc(waiting, func() {
		r.s.limited(true)
		_ = r.d.wire.send("DONE")
	})
	for {
		got, err := r.d.next()
		if err != nil {
			return err
		}
		if answer, ended := strings.CutPrefix(got.text, tag+" "); ended {
			if idling() || !strings.EqualFold(answer[:min(len(answer), len("OK"))], "OK") {
				return r.d.refused(answer)
			}
			return ctx.Err()
		}
		if r.d.messages > had {
			enough()
		}
	}
}

var imapUID = pattern.New(`\b(?i:UID) ([0-9]{1,10})\b`)

// uidOf is the UID of the letter in the folder that is open, or "". It reads
// headers of the newest messages and leaves their flags alone.
func (r *imapReader) uidOf(l letter) (string, error) {
	if r.d.messages < 1 {
		return "", nil
	}
	first := max(1, r.d.messages-lastMessages+1)
	found, err := r.do(fmt.Sprintf("FETCH %d:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID %s)])", first, strings.ToUpper(originalID)))
	for _, f := range found {
		m := imapUID().FindStringSubmatch(f.text)
		if m != nil && slices.ContainsFunc(f.literals, l.isHeaderOf) {
			return m[1], nil
		}
	}
	return "", err
}

// elsewhere looks for the letter in the other folders: a rule may have moved
// it. The copy among those sent has not arrived anywhere.
func (r *imapReader) elsewhere(l letter) bool {
	all, err := r.folders()
	if err != nil {
		return false
	}
	for _, f := range all {
		if f.sent() || r.open(f) != nil {
			continue
		}
		if uid, err := r.uidOf(l); err == nil && uid != "" {
			return true
		}
	}
	return false
}

// sentNames are the names of the folder for sent messages where a server does
// not mark it (RFC 6154): Exchange names it in the language of the mailbox.
var sentNames = pattern.New(`(?i)^(?:inbox[/.])?(sent|sent items|sent mail|sent messages|gesendet|gesendete (elemente|objekte|nachrichten)|&.*envoy.*|.*envoy.*|enviados|elementos enviados|posta inviata|verzonden( items)?)$`)

func (f folder) sent() bool {
	return strings.Contains(f.attributes, `\sent`) || sentNames().MatchString(f.name)
}

var imapList = pattern.New(`^\* (?i:LIST) \(([^)]*)\) (?:"(?:[^"\\]|\\.)*"|(?i:NIL)) (\S+|"(?:[^"\\]|\\.)*")$`)

// folders lists those that can be opened, but the inbox.
func (r *imapReader) folders() ([]folder, error) {
	lines, err := r.do(`LIST "" "*"`)
	if err != nil {
		return nil, err
	}
	var all []folder
	for _, l := range lines {
		m := imapList().FindStringSubmatch(l.text)
		if m == nil || len(l.literals) > 0 {
			continue
		}
		f := folder{name: strings.Trim(m[2], `"`), spelt: m[2], attributes: strings.ToLower(m[1])}
		if strings.EqualFold(f.name, inboxFolder) || strings.Contains(f.attributes, `\noselect`) || strings.Contains(f.attributes, `\nonexistent`) {
			continue
		}
		all = append(all, f)
	}
	return all[:min(len(all), maxFolders)], nil
}

// remove removes the letter from the folder in which it was seen and from those
// for sent messages.
func (r *imapReader) remove(ctx context.Context, l letter) (removed, left []string, err error) {
	removed, left, err = r.removeHere(l)
	if err != nil {
		return removed, left, r.failing(err)
	}
	looks := 1
	if r.s.r.cfg.Mailbox.SharedMailbox == "" {
		looks = r.sentLooks()
	}
	more, still, err := r.removeSent(ctx, l, looks)
	return append(removed, more...), append(left, still...), r.failing(err)
}

// sentLooks is how often the copy is looked for where the account's own lie:
// Exchange keeps one, a moment after it has taken the message.
func (r *imapReader) sentLooks() int {
	if p := r.s.r.cfg.Provider; p == diagnosis.Microsoft || p == diagnosis.Outlook {
		return 4
	}
	return 1
}

func (r *imapReader) removeSent(ctx context.Context, l letter, looks int) (removed, left []string, err error) {
	all, err := r.folders()
	if err != nil {
		return nil, nil, err
	}
	for look := range looks {
		for _, f := range all {
			if !f.sent() {
				continue
			}
			if err := r.open(f); err != nil {
				return nil, nil, err
			}
			removed, left, err = r.removeHere(l)
			if len(removed)+len(left) > 0 || err != nil {
				return removed, left, err
			}
		}
		if look+1 == looks {
			break
		}
		select {
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
	return nil, nil, nil
}

// removeHere removes the letter by its UID after a look at its Message-ID. A
// server without UIDPLUS (RFC 4315) removes everything that is marked as
// deleted, so it is left marked where something else is.
func (r *imapReader) removeHere(l letter) (removed, left []string, err error) {
	uid, err := r.uidOf(l)
	if uid == "" || err != nil {
		return nil, nil, err
	}
	here := []string{r.folder}
	if r.can("X-GM-EXT-1") {
		return r.toTrash(uid, here)
	}
	if _, err := r.do("UID STORE " + uid + ` +FLAGS.SILENT (\Deleted)`); err != nil {
		return nil, here, err
	}
	expunge := "UID EXPUNGE " + uid
	if !r.can("UIDPLUS") {
		expunge = "EXPUNGE"
		marked, err := r.do("UID SEARCH DELETED")
		if err != nil {
			return nil, here, err
		}
		if !slices.ContainsFunc(marked, func(m response) bool { return strings.EqualFold(strings.TrimSpace(m.text), "* SEARCH "+uid) }) {
			return nil, here, nil
		}
	}
	if _, err := r.do(expunge); err != nil {
		return nil, here, err
	}
	return here, nil, nil
}

// toTrash removes a message at Gmail, where folders are labels: what is deleted
// from one of them stays in "All Mail", what is moved to the trash is gone from
// all (Google, "IMAP extensions", X-GM-LABELS; Gmail Help, "Delete messages").
func (r *imapReader) toTrash(uid string, here []string) (removed, left []string, err error) {
	all, err := r.folders()
	if err != nil {
		return nil, here, err
	}
	i := slices.IndexFunc(all, func(f folder) bool { return strings.Contains(f.attributes, `\trash`) })
	if i < 0 {
		return nil, here, nil
	}
	if _, err := r.do("UID MOVE " + uid + " " + all[i].spelt); err != nil {
		return nil, here, err
	}
	return here, nil, nil
}

func (r *imapReader) quit() {
	r.s.goodbye()
	r.s.disconnect()
}

// ownMailbox is that of the account which sent for a shared mailbox: its copy
// lies there. An account without a mailbox has none.
type ownMailbox struct {
	t   *roundTrip
	ctx context.Context
}

func (o ownMailbox) remove(ctx context.Context, l letter) (removed, left []string, err error) {
	r, err := o.t.openIMAP(o.ctx, false)
	if err != nil {
		return nil, nil, nil
	}
	defer r.quit()
	removed, left, err = r.removeSent(ctx, l, r.sentLooks())
	return removed, left, r.failing(err)
}
