package mailtest

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
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

// imapReader looks for the letter by IMAP.
type imapReader struct {
	s      *opened
	d      *imapDialog
	letter letter
	folder string // that is open
}

// openIMAP signs in at the mailbox of a definition and opens the inbox.
func (t *roundTrip) openIMAP(ctx context.Context, d mailbox.Definition) (*imapReader, error) {
	s, err := t.open(ctx, IMAP, d)
	if err != nil {
		return nil, err
	}
	r := &imapReader{s: s, d: s.dialog.(*imapDialog), letter: t.letter}
	stop := s.limited()
	r.d.capabilities = nil // many servers tell only now what they can
	err = r.d.ask()
	stop()
	if err == nil {
		err = r.open(folder{inboxFolder, inboxFolder, ""})
	}
	if err != nil {
		err = r.failing(err)
		r.s.leave()
		return nil, err
	}
	return r, nil
}

// do sends a command, within the time limit of a command.
func (r *imapReader) do(command string) ([]response, error) {
	defer r.s.limited()()
	return r.d.do(command)
}

func (r *imapReader) can(capability string) bool {
	return slices.Contains(r.d.capabilities, capability)
}

// failing names the cause of an error, unless that is the end of the waiting,
// which leaves the connection as it was.
func (r *imapReader) failing(err error) error {
	if err == nil || r.s.wire.failed() == nil && (err == context.DeadlineExceeded || err == context.Canceled) {
		return err
	}
	return r.s.blame(StepMailbox, err)
}

// folder is one of the mailbox's.
type folder struct {
	name       string // fit to be shown
	spelt      string // as the server writes it
	attributes string // in lower case
}

func (r *imapReader) open(f folder) error {
	r.d.messages = 0
	_, err := r.do("SELECT " + f.spelt)
	r.folder = f.name
	return err
}

func (r *imapReader) find(ctx context.Context) error {
	for pause := lookAgain; ; pause = min(pause*3/2, lookSeldom) {
		had := r.d.messages
		uid, err := r.uidOf()
		if uid != "" || err != nil {
			return r.failing(err)
		}
		if r.d.messages > had && ctx.Err() == nil {
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
	err := sleep(ctx, pause)
	if err == nil {
		_, err = r.do("NOOP")
	}
	return err
}

// idleTime is when IDLE is begun anew: whatever comes meanwhile is looked at.
const idleTime = 20 * time.Second

// idle waits for a message more (RFC 2177), for a while or until ctx ends.
func (r *imapReader) idle(ctx context.Context) error {
	stop := r.s.limited()
	tag, err := r.d.send("IDLE")
	if stop(); err != nil {
		return err
	}
	had := r.d.messages
	waiting, enough := context.WithTimeout(ctx, idleTime)
	defer enough()
	defer r.s.limit.Stop()
	idling := context.AfterFunc(waiting, func() {
		r.s.limited()
		_ = r.d.wire.send("DONE")
	})
	defer idling() // before enough, which would say DONE beside LOGOUT
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
func (r *imapReader) uidOf() (string, error) {
	if r.d.messages < 1 {
		return "", nil
	}
	first := max(1, r.d.messages-lastMessages+1)
	found, err := r.do(fmt.Sprintf("FETCH %d:* (UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID %s)])", first, strings.ToUpper(originalID)))
	for _, f := range found {
		m := imapUID().FindStringSubmatch(f.text)
		if m != nil && slices.ContainsFunc(f.literals, r.letter.isHeaderOf) {
			return m[1], nil
		}
	}
	return "", err
}

// elsewhere looks for the letter in the other folders, for as long as a sign-in
// may take: a rule may have moved it. The copy among those sent has not arrived
// anywhere.
func (r *imapReader) elsewhere() bool {
	end := time.Now().Add(r.s.r.cfg.Timeout)
	all, err := r.folders()
	if err != nil {
		return false
	}
	for _, f := range all {
		if f.sent() || time.Now().After(end) || r.open(f) != nil {
			continue
		}
		if uid, err := r.uidOf(); err == nil && uid != "" {
			return true
		}
	}
	return false
}

// sentNames are the names of the folder for sent messages where a server does
// not mark it (RFC 6154): Exchange names it in the language of the mailbox.
var sentNames = pattern.New(`(?i)^(?:inbox[/.])?(sent|sent items|sent mail|sent messages|gesendet|gesendete (elemente|objekte|nachrichten)|.*envoy.*|enviados|(elementos|itens) enviados|posta inviata|verzonden( items)?|elementy wysłane|odeslaná pošta|skickat|sendt post|sendte elementer|lähetetyt|elküldött elemek)$`)

func (f folder) sent() bool {
	return strings.Contains(f.attributes, `\sent`) || sentNames().MatchString(f.name)
}

var imapList = pattern.New(`^\* (?i:LIST) \(([^)]*)\) (?:"(?:[^"\\]|\\.)*"|(?i:NIL)) (\S+|"(?:[^"\\]|\\.)*")$`)

var imapShifted = pattern.New(`&([A-Za-z0-9+,]*)-`)

// folderName reads what a server writes in modified UTF-7 (RFC 3501, section
// 5.1.3). What is none stays as it is.
func folderName(written string) string {
	return imapShifted().ReplaceAllStringFunc(written, func(shifted string) string {
		code := strings.ReplaceAll(shifted[1:len(shifted)-1], ",", "/")
		if code == "" {
			return "&"
		}
		data, err := base64.RawStdEncoding.DecodeString(code)
		if err != nil || len(data)%2 != 0 {
			return shifted
		}
		var units []uint16
		for ; len(data) > 0; data = data[2:] {
			units = append(units, binary.BigEndian.Uint16(data))
		}
		return string(utf16.Decode(units))
	})
}

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
		f := folder{name: r.d.wire.log.mask(folderName(strings.Trim(m[2], `"`))), spelt: m[2], attributes: strings.ToLower(m[1])}
		if strings.EqualFold(f.name, inboxFolder) || strings.Contains(f.attributes, `\noselect`) || strings.Contains(f.attributes, `\nonexistent`) {
			continue
		}
		all = append(all, f)
	}
	return all[:min(len(all), maxFolders)], nil
}

// remove removes the letter from the folder in which it was seen and from those
// for sent messages.
func (r *imapReader) remove(ctx context.Context, found *traces) error {
	if err := r.removeHere(found); err != nil {
		return r.failing(err)
	}
	return r.removeSent(ctx, found)
}

// sentLooks is how often the copy is looked for where the account's own lie:
// Exchange keeps one, a moment after it has taken the message.
func (r *imapReader) sentLooks() int {
	p := r.s.r.cfg.Provider
	if r.s.definition.SharedMailbox == "" && (p == diagnosis.Microsoft || p == diagnosis.Outlook) {
		return 4
	}
	return 1
}

// removeSent removes the copy from the folders for sent messages, of which a
// server may mark many; it looks for as long as a sign-in may take.
func (r *imapReader) removeSent(ctx context.Context, found *traces) error {
	all, err := r.folders()
	if err != nil {
		return r.failing(err)
	}
	all = slices.DeleteFunc(all, func(f folder) bool { return !f.sent() })
	before, end := len(found.removed)+len(found.left), time.Now().Add(r.s.r.cfg.Timeout)
	for look := range r.sentLooks() {
		if look > 0 {
			if err := sleep(ctx, lookAgain); err != nil {
				return err
			}
		}
		for _, f := range all {
			if time.Now().After(end) {
				return nil
			}
			err := r.open(f)
			if err == nil {
				err = r.removeHere(found)
			}
			if err != nil || len(found.removed)+len(found.left) > before {
				return r.failing(err)
			}
		}
	}
	return nil
}

// removeHere removes the letter by its UID after a look at its Message-ID. A
// server without UIDPLUS (RFC 4315) removes everything that is marked as
// deleted, so it is left marked where something else is.
func (r *imapReader) removeHere(found *traces) error {
	uid, err := r.uidOf()
	if uid == "" || err != nil {
		return err
	}
	if r.can("X-GM-EXT-1") {
		return r.toTrash(uid, found)
	}
	if _, err := r.do("UID STORE " + uid + ` +FLAGS.SILENT (\Deleted)`); err != nil {
		return err
	}
	expunge := "UID EXPUNGE " + uid
	if !r.can("UIDPLUS") {
		expunge = "EXPUNGE"
		marked, err := r.do("UID SEARCH DELETED")
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(marked, func(m response) bool { return strings.EqualFold(strings.TrimSpace(m.text), "* SEARCH "+uid) }) {
			found.left = append(found.left, r.folder)
			return nil
		}
	}
	return r.removing(expunge, found)
}

func (r *imapReader) removing(command string, found *traces) error {
	_, err := r.do(command)
	if err == nil {
		found.removed = append(found.removed, r.folder)
	}
	return err
}

// toTrash removes a message at Gmail, where folders are labels: what is deleted
// from one of them stays in "All Mail", what is moved to the trash is gone from
// all (Google, "IMAP extensions", X-GM-LABELS; Gmail Help, "Delete messages").
func (r *imapReader) toTrash(uid string, found *traces) error {
	all, err := r.folders()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(f folder) bool { return strings.Contains(f.attributes, `\trash`) })
	if i < 0 {
		found.left = append(found.left, r.folder)
		return nil
	}
	return r.removing("UID MOVE "+uid+" "+all[i].spelt, found)
}

// removeFromOwn removes the copy from the mailbox of the account that sent for a
// shared one. An account without a mailbox has none.
func (t *roundTrip) removeFromOwn(ctx context.Context, found *traces) error {
	own := t.cfg.Mailbox
	own.SharedMailbox = ""
	r, err := t.openIMAP(ctx, own)
	if err != nil {
		return nil
	}
	defer r.s.leave()
	return r.removeSent(ctx, found)
}
