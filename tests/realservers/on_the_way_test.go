//go:build realservers

package realservers

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
	"mailgrant/tests/freeport"
)

// TestExperimentsOnTheWay: what lies between the form and Dovecot is spoilt,
// the name, the port, one family of addresses; the verdict before and after.
func TestExperimentsOnTheWay(t *testing.T) {
	l := newLab(t, "plain xoauth2")
	start := func(root string) int {
		return startDovecot(t, certificate.Root(root).For("mail.contoso.com"), "plain xoauth2", introspect(t, l.tenant).URL).IMAPS
	}
	four, six := netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()
	for name, c := range map[string]struct {
		host          string
		port          func(t *testing.T) int
		addresses     map[string][]netip.Addr
		id            diagnosis.Experiment
		result        string
		before, after string
	}{
		"another certificate by IPv6": {
			"mail.contoso.com", func(t *testing.T) int {
				port := start("A Second Root CA")
				relay(t, netip.AddrPortFrom(six, uint16(port)), start("A Third Root CA"))
				return port
			},
			map[string][]netip.Addr{"mail.contoso.com": {four, six}},
			diagnosis.FetchChain, "differs-by-family",
			"possible tls-interception-untrusted-ca", "likely tls-interception-untrusted-ca",
		},
		"IPv6 breaks off": {
			"localhost", func(t *testing.T) int {
				relay(t, netip.AddrPortFrom(six, uint16(l.dovecot.IMAPS)), 0)
				return l.dovecot.IMAPS
			},
			map[string][]netip.Addr{"localhost": {six, four}},
			diagnosis.OtherFamily, "works",
			"possible network-connection-reset", "likely network-connection-reset",
		},
		"another name in the domain": {
			"post.contoso.test", func(*testing.T) int { return l.dovecot.IMAPS },
			map[string][]netip.Addr{"mail.contoso.test": {four}},
			diagnosis.NameVariants, "found",
			"possible wrong-host-name", "certain wrong-host-name",
		},
		"the usual port": {
			"localhost", func(t *testing.T) int {
				relay(t, netip.AddrPortFrom(four, 993), l.dovecot.IMAPS)
				return freeport.Find(t, 1)[0]
			},
			map[string][]netip.Addr{"localhost": {four}},
			diagnosis.UsualPorts, "answer",
			"possible port-blocked", "likely wrong-port-or-encryption",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := l.define(mailbox.SecurityTLS)
			d.SetServer(mailbox.POP3, nil)
			d.SetServer(mailbox.SMTP, nil)
			*d.Server(mailbox.IMAP) = mailbox.Server{Host: c.host, Port: c.port(t), Security: mailbox.SecurityTLS}
			r := mailtest.NewReport(d, time.Now())
			before, after, result := "", "", ""
			verdict := func(d *diagnosis.Diagnosis) string { return fmt.Sprint(d.Certainty, " ", d.Cause) }
			for e := range mailtest.Run(t.Context(), mailtest.Config{
				Mailbox: d, Timeout: 20 * time.Second,
				Experiments: &mailtest.Experiments{LookupMX: func(context.Context, string) ([]*net.MX, error) { return nil, nil }},
				Credential:  func(context.Context, string) (mailtest.Credential, error) { return mailtest.Credential{}, nil },
				Resolve: func(_ context.Context, host string) ([]netip.Addr, error) {
					if found := c.addresses[host]; found != nil {
						return slices.Clone(found), nil
					}
					return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
				},
			}) {
				r.Add(e)
				switch {
				case e.Experiment != nil && e.Experiment.ID == c.id:
					result = e.Experiment.Result
				case e.State == mailtest.Failed && before == "":
					before = verdict(e.Diagnosis)
				}
			}
			for _, e := range r.Result(mailbox.IMAP).Steps {
				if e.State == mailtest.Failed {
					after = verdict(e.Diagnosis)
				}
			}
			if before != c.before || result != c.result || after != c.after {
				t.Errorf("%s, %s=%s, %s; want %s, %s, %s", before, c.id, result, after, c.before, c.result, c.after)
			}
		})
	}
}

// relay leads what comes to an address to a port of Dovecot's; 0 hangs up.
func relay(t *testing.T, at netip.AddrPort, to int) {
	t.Helper()
	listener, err := net.Listen("tcp", at.String())
	if err != nil {
		t.Skip("this machine does not let it: ", err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer in.Close()
				out, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", to))
				if err != nil {
					return
				}
				defer out.Close()
				go func() { _, _ = io.Copy(out, in) }()
				_, _ = io.Copy(in, out)
			}()
		}
	}()
}
