package mailtest

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"

	"mailgrant/internal/diagnosis"
)

// Message is a mail in plain text to one address.
type Message struct {
	To      string // an address; checked by the caller
	Subject string
	Text    string // lines end with "\n"
}

// ErrDoubt is wrapped by the error of Send where the server's verdict is lost:
// the message may arrive all the same.
var ErrDoubt = errors.New("it is not known whether the message was sent")

// Send signs in by SMTP as a test does and sends one message from the mailbox.
// It is the only thing in this package that leaves something behind, and
// nothing of a test calls it. It has the time limit of one protocol, and like
// that leaves behind what does not come back. Its error is a diagnosis, or why
// ctx has ended.
func Send(ctx context.Context, cfg Config, m Message) error {
	if cfg.Mailbox.Server(SMTP) == nil || !strings.Contains(cfg.Mailbox.Sender, "@") {
		return diagnosis.New(diagnosis.CauseUnknown, diagnosis.PhaseSMTP, nil)
	}
	inner, cancel := context.WithTimeout(ctx, cmp.Or(cfg.Timeout, DefaultTimeout))
	t := &roundTrip{run: newRun(inner, cfg), letter: newLetter(cfg.Mailbox.Sender, m, time.Now())}
	defer t.end(cancel)
	var err error
	back := comesBack(inner, func() { _, err = t.send(inner) })
	switch {
	case back && err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case !back: // its own session may still be written to
		return newSession(inner, t.run, SMTP, cfg.Mailbox).overdue(StepSend, context.Cause(inner))
	case !t.sent.IsZero():
		return fmt.Errorf("%w: %w", ErrDoubt, t.nameOf(err))
	}
	return t.nameOf(err)
}

type letter struct {
	id, from, to string
	text         string // as RFC 5322 and MIME have it; see newLetter
}

func newLetter(from string, m Message, at time.Time) letter {
	l := letter{id: "<mailgrant-" + strings.ToLower(rand.Text()) + "@" + from[strings.LastIndexByte(from, '@')+1:] + ">", from: from, to: m.To}
	var b strings.Builder
	for _, line := range [][2]string{
		{"From", "<" + from + ">"},
		{"To", "<" + m.To + ">"},
		{"Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(m.Subject), " "))},
		{"Date", at.Format(time.RFC1123Z)},
		{"Message-ID", l.id},
		// Nobody is to answer: RFC 3834, section 5, and Exchange's own word.
		{"Auto-Submitted", "auto-generated"},
		{"X-Auto-Response-Suppress", "All"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "quoted-printable"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", line[0], line[1])
	}
	b.WriteString("\r\n")
	body := quotedprintable.NewWriter(&b)
	_, _ = io.WriteString(body, m.Text) // a strings.Builder takes everything
	_ = body.Close()
	l.text = b.String()
	return l
}

// deliver hands a letter over and returns the server's words of consent. A
// refusal after the text, as Exchange gives for a sender that is not the
// account's, is told like any other.
func (d *smtpDialog) deliver(l letter) (string, error) {
	for _, c := range []struct {
		line string
		want []int
	}{
		{"MAIL FROM:<" + l.from + ">", []int{250}},
		{"RCPT TO:<" + l.to + ">", []int{250, 251}}, // 251: it will be forwarded (RFC 5321, section 4.2.3)
		{"DATA", []int{354}},
	} {
		if _, err := d.command(c.line, c.want...); err != nil {
			return "", err
		}
	}
	// A dot at the beginning of a line is doubled (RFC 5321, section 4.5.2).
	text := strings.ReplaceAll(strings.TrimSuffix(l.text, "\r\n"), "\r\n.", "\r\n..")
	lines, err := d.command(text+"\r\n.", 250)
	d.doubt = err != nil && !isRefusal(err)
	return strings.Join(lines, "\n"), err
}
