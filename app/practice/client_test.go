package practice

import (
	"crypto/tls"
	"net"
	"net/mail"
	"strconv"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"

	"mailgrant/internal/mailbox"
)

// xoauth2Client is the client side for the libraries.
type xoauth2Client struct{ user, token string }

func (c xoauth2Client) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + c.user + "\x01auth=Bearer " + c.token + "\x01\x01"), nil
}

func (xoauth2Client) Next([]byte) ([]byte, error) { return []byte{}, nil }

// The libraries' clients must get along with what is rewritten on the wire.
func TestLibraryClients(t *testing.T) {
	tenant := start(t, Options{})
	d := tenant.Definition()
	config := &tls.Config{RootCAs: roots(t, d), ServerName: "localhost"}
	auth := xoauth2Client{Helpdesk.UPN, accessToken(t, tenant, Helpdesk.UPN)}

	c, err := imapclient.DialTLS(net.JoinHostPort("localhost", strconv.Itoa(d.Server(mailbox.IMAP).Port)), &imapclient.Options{TLSConfig: config})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Authenticate(auth); err != nil {
		t.Fatal(err)
	}
	data, err := c.Select(inbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || data.NumMessages != 3 {
		t.Fatal(data, err)
	}
	section := &imap.FetchItemBodySection{Peek: true}
	messages, err := c.Fetch(imap.SeqSetNum(1, 2, 3), &imap.FetchOptions{Envelope: true, BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil || len(messages) != 3 {
		t.Fatal(len(messages), err)
	}
	for _, m := range messages {
		if _, err := mail.ParseAddress(m.Envelope.From[0].Addr()); err != nil || len(m.FindBodySection(section)) == 0 {
			t.Error(m.Envelope, err)
		}
	}
	if err := c.Logout().Wait(); err != nil {
		t.Error(err)
	}

	s, err := smtp.DialStartTLS(net.JoinHostPort("localhost", strconv.Itoa(d.Server(mailbox.SMTP).Port)), config)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Auth(auth); err != nil {
		t.Fatal(err)
	}
	if err := s.Mail(Helpdesk.UPN, nil); err != nil {
		t.Error(err)
	}
	if err := s.Reset(); err != nil {
		t.Error(err)
	}
	if err := s.Quit(); err != nil {
		t.Error(err)
	}
}
