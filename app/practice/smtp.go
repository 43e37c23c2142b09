package practice

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	// smtpLine is room for an AUTH line with a long token; RFC 4954 section 4
	// allows 12288 octets.
	smtpLine    = 16 << 10
	smtpMessage = 10 << 20
)

// serveSMTP serves submission with STARTTLS.
func (t *Tenant) serveSMTP(l net.Listener) error {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &smtpSession{tenant: t}, nil
	}))
	server.Domain = backend + ".outlook.office365.com Microsoft" // ends up as "... Microsoft ESMTP Service Ready"
	server.TLSConfig = t.tlsConfig()
	server.MaxLineLength, server.MaxMessageBytes = smtpLine, smtpMessage
	server.ErrorLog = t.libraryLog()
	return server.Serve(l)
}

// smtpError is an answer with the trailer Exchange adds.
func (t *Tenant) smtpError(code int, enhanced smtp.EnhancedCode, text string) error {
	trailer := fmt.Sprintf(" [%s.DEUP281.PROD.OUTLOOK.COM %s 08DE2B0C4F6A91D3]", backend, t.now().UTC().Format("2006-01-02T15:04:05.000Z"))
	return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: text + trailer}
}

// smtpSession is one connection after EHLO.
type smtpSession struct {
	tenant   *Tenant
	login    *mailLogin // nil until signed in
	from     string
	localRcp []*mailStore
}

func (s *smtpSession) AuthMechanisms() []string { return []string{"LOGIN", "XOAUTH2"} }

func (s *smtpSession) Auth(mech string) (sasl.Server, error) {
	t := s.tenant
	refused := t.smtpError(535, smtp.EnhancedCode{5, 7, 3}, "Authentication unsuccessful")
	switch mech {
	case "XOAUTH2":
		return &xoauth2Server{malformed: refused, login: func(user, token string) error {
			login, ok := t.tokenLogin(user, token, permSMTP)
			// Unlike IMAP and POP3, SMTP wants the token's own name.
			ok = ok && (login.application || strings.EqualFold(user, login.account.UPN))
			return s.enter(login, ok, refused)
		}}, nil
	case "LOGIN":
		refused = t.smtpError(535, smtp.EnhancedCode{5, 7, 139}, "Authentication unsuccessful, basic authentication is disabled.")
		return &loginServer{refuse: func() error { return s.enter(mailLogin{}, false, refused) }}, nil
	}
	return nil, t.smtpError(504, smtp.EnhancedCode{5, 7, 4}, "Unrecognized authentication type")
}

// enter decides on a login. The switches count before the token does.
func (s *smtpSession) enter(login mailLogin, ok bool, refused error) error {
	const disabled = "Authentication unsuccessful, SmtpClientAuthentication is disabled for the %s. Visit https://aka.ms/smtp_auth_disabled for more information."
	t := s.tenant
	t.linger()
	switch {
	case t.faulty(FaultSMTPOffTenant):
		return t.smtpError(535, smtp.EnhancedCode{5, 7, 139}, fmt.Sprintf(disabled, "Tenant"))
	case t.faulty(FaultSMTPOffMailbox):
		return t.smtpError(535, smtp.EnhancedCode{5, 7, 139}, fmt.Sprintf(disabled, "Mailbox"))
	case !ok:
		return refused
	}
	s.login = &login
	// The only way past the library's own wording of success.
	return &smtp.SMTPError{Code: 235, EnhancedCode: smtp.EnhancedCode{2, 7, 0}, Message: "Authentication successful"}
}

// Mail implements smtp.Session. Exchange takes any sender here and decides
// when it has the message.
func (s *smtpSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.login == nil {
		return s.tenant.smtpError(530, smtp.EnhancedCode{5, 7, 57}, "Client not authenticated to send mail.")
	}
	s.tenant.linger()
	s.from = from
	return nil
}

// Rcpt implements smtp.Session. Other people's mail is taken and forgotten:
// nothing leaves this machine.
func (s *smtpSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if a, ok := accountOf(to); ok && a.Address != "" {
		s.localRcp = append(s.localRcp, s.tenant.box(a))
	}
	return nil
}

func (s *smtpSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.login.barred {
		return s.tenant.smtpError(430, smtp.EnhancedCode{4, 2, 0}, "STOREDRV; mailbox logon failure; Failed to process message due to a transient exception.")
	}
	senders := []string{s.from}
	if m, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		if list, err := m.Header.AddressList("From"); err == nil {
			for _, a := range list {
				senders = append(senders, a.Address)
			}
		}
	}
	for _, sender := range senders {
		if a := s.login.account; !s.login.application && !a.owns(sender) && !containsFold(a.SendAs, sender) {
			return s.tenant.smtpError(554, smtp.EnhancedCode{5, 2, 252}, "SendAsDenied; "+a.UPN+" not allowed to send as "+sender+
				"; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception with message Cannot submit message.")
		}
	}
	if err := s.deliver(raw); err != nil {
		return err
	}
	if own := s.tenant.box(s.login.account); own != nil {
		_, err = own.append(sentItems, raw, &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	}
	return err
}

func (s *smtpSession) deliver(raw []byte) error {
	folder := inbox
	switch t := s.tenant; {
	case t.faulty(FaultRecipientRefuses):
		return t.smtpError(550, smtp.EnhancedCode{5, 7, 1}, "TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy")
	case t.faulty(FaultMailLost):
		return nil
	case t.faulty(FaultMailMoved):
		folder = deletedItems
	}
	for _, box := range s.localRcp {
		if _, err := box.append(folder, raw, &imap.AppendOptions{Time: s.tenant.now()}); err != nil {
			return err
		}
	}
	return nil
}

func (s *smtpSession) Reset() { s.from, s.localRcp = "", nil }

func (s *smtpSession) Logout() error { return nil }
