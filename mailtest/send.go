package mailtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"mime"
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

// Send signs in by SMTP as a test does and sends one message from the mailbox.
// It is the only thing in this package that leaves something behind, and
// nothing of a test calls it. Its error is a diagnosis.
func Send(ctx context.Context, cfg Config, m Message) error {
	cfg.Only, cfg.Experiments, cfg.message = []Protocol{SMTP}, nil, &m
	report := NewReport(cfg.Mailbox, time.Now())
	for e := range Run(ctx, cfg) {
		report.Add(e)
	}
	switch all := report.Diagnoses(); {
	case ctx.Err() != nil:
		return ctx.Err()
	case report.OK():
		return nil
	case len(all) > 0:
		return all[0]
	}
	return diagnosis.New(diagnosis.CauseUnknown, diagnosis.PhaseSMTP, nil)
}

// encode is the message as RFC 5322 and MIME have it. The text is in Base64,
// so that no line is too long, begins with a dot or holds more than ASCII.
func (m Message) encode(from string, now time.Time) string {
	var b bytes.Buffer
	for _, line := range [][2]string{
		{"From", "<" + from + ">"},
		{"To", "<" + m.To + ">"},
		{"Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(m.Subject), " "))},
		{"Date", now.Format(time.RFC1123Z)},
		{"Message-ID", "<" + rand.Text() + from[strings.LastIndexByte(from, '@'):] + ">"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", "base64"},
		{"Auto-Submitted", "auto-generated"}, // RFC 3834: no absence notes come back
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", line[0], line[1])
	}
	text := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(m.Text, "\n", "\r\n")))
	for ; len(text) > 76; text = text[76:] {
		b.WriteString("\r\n" + text[:76])
	}
	return b.String() + "\r\n" + text
}
