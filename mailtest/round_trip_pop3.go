package mailtest

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// pop3Reader looks for the letter by POP3. A session shows the mailbox as it was
// at its beginning (RFC 1939, section 3), so every look is a session.
type pop3Reader struct {
	t    *roundTrip
	ctx  context.Context
	s    *opened
	old  map[string]bool // the unique ids that were there before, or were looked at
	some bool            // those at the ends of the list alone: there are many
	here string          // the number of the letter in the session that is open
}

func (r *pop3Reader) dialog() *pop3Dialog { return r.s.dialog.(*pop3Dialog) }

// list sends a command with an answer of several lines, within the time limit of
// a command.
func (r *pop3Reader) list(command string) ([]string, error) {
	defer r.s.limited()()
	lines, err := r.dialog().listing(command)
	return lines, r.blame(err)
}

func (r *pop3Reader) blame(err error) error {
	if err != nil {
		err = r.s.blame(StepMailbox, err)
	}
	return err
}

// The list of a mailbox with more messages than many would not fit what is read
// of one connection; there only those at the ends are looked at. RFC 1939 knows
// no order, but servers count by the time of arrival: from the oldest on or, as
// Exchange where it is set so, from the newest
// (https://learn.microsoft.com/powershell/module/exchangepowershell/set-popsettings, 2026-11).
const many, ends = 20_000, 30

// begin notes what is there already.
func (r *pop3Reader) begin() error {
	r.old = map[string]bool{}
	list, err := r.look()
	for _, m := range list {
		r.old[m.uid] = true
	}
	r.quit()
	return err
}

type numbered struct{ number, uid string }

func (r *pop3Reader) look() (list []numbered, err error) {
	if r.s, err = r.t.open(r.ctx, POP3, r.t.cfg.Mailbox); err != nil {
		return nil, err
	}
	lines, err := r.uids()
	for _, line := range lines {
		if number, uid, found := strings.Cut(strings.TrimSpace(line), " "); found {
			list = append(list, numbered{number, uid})
		}
	}
	return list, r.blame(err)
}

func (r *pop3Reader) uids() (lines []string, err error) {
	defer r.s.limited()()
	d := r.dialog()
	if err := d.wire.send("STAT"); err != nil {
		return nil, d.broken(err)
	}
	count, _, err := d.counted()
	if err != nil {
		return nil, err
	}
	if r.some = r.some || count > many; !r.some {
		return d.listing("UIDL")
	}
	for n := 1; n <= count; n++ {
		if n == ends+1 {
			n = max(n, count-ends+1)
		}
		line, err := d.ask("UIDL " + strconv.Itoa(n))
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (r *pop3Reader) find(ctx context.Context) error {
	for pause := lookAgain; ; pause = min(pause*3/2, lookSeldom) {
		found, err := r.among(ctx)
		if found || err != nil {
			return err
		}
		r.quit()
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// among looks through what is new, until ctx ends, but at the newest message
// even then: IMAP may have used up the time. If the letter is among it the session
// stays open.
func (r *pop3Reader) among(ctx context.Context) (bool, error) {
	list, err := r.look()
	if err != nil {
		return false, err
	}
	for _, m := range slices.Backward(list) {
		if r.old[m.uid] {
			continue
		}
		header, err := r.list("TOP " + m.number + " 0")
		if err != nil {
			return false, err
		}
		if r.t.letter.isHeaderOf(strings.Join(header, "\r\n")) {
			r.here = m.number
			return true, nil
		}
		r.old[m.uid] = true
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
	}
	return false, nil
}

// remove deletes the letter in the session that found it.
func (r *pop3Reader) remove(found *traces) error {
	defer r.s.limited()()
	// Only QUIT deletes (RFC 1939, section 6).
	for _, command := range []string{"DELE " + r.here, "QUIT"} {
		if err := r.dialog().command(command); err != nil {
			return r.s.blame(StepMailbox, err)
		}
	}
	r.s.disconnect()
	r.s = nil
	found.removed = append(found.removed, inboxFolder)
	return nil
}

func (r *pop3Reader) quit() {
	if r.s != nil {
		r.s.leave()
		r.s = nil
	}
}
