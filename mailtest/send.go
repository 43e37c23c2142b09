package mailtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"
)

// Message is a mail in plain text to one address.
type Message struct {
	To      string // an address; checked by the caller
	Subject string
	Text    string // lines end with "\n"
}

// Send signs in by SMTP as a test does and sends one message from the mailbox.
// It is the only thing in this package that leaves something behind, and
// nothing of a test calls it. Its error is a diagnosis.
func Send(ctx context.Context, cfg Config, m Message) error {
	inner, cancel := context.WithCancel(ctx)
	t := &roundTrip{run: newRun(inner, cfg), letter: newLetter(cfg.Mailbox.Sender, m, time.Now())}
	defer t.end(cancel)
	_, err := t.send(inner)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return t.nameOf(err)
}

// letter is a message on its way.
type letter struct {
	id, from, to string
	text         string // as RFC 5322 and MIME have it; see newLetter
}

// newLetter makes a letter whose lines are short and ASCII.
func newLetter(from string, m Message, at time.Time) letter {
	l := letter{id: "<mailgrant-" + strings.ToLower(rand.Text()) + from[strings.LastIndexByte(from, '@'):] + ">", from: from, to: m.To}
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
