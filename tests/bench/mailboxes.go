//go:build bench

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"mailgrant/internal/certificate"
	"mailgrant/internal/mailbox"
)

const (
	mailboxes    = 1000
	hosts        = 50
	allRoundTrip = 50 * time.Millisecond
)

// mailboxes tests many mailboxes on many hosts, each a round trip away, and
// one for comparison. SMTP is left out: its limit is another one.
func (l *lab) mailboxes() error {
	d := l.d.Clone()
	d.SetServer(mailbox.SMTP, nil)
	c := certificate.Server("bench") // one for all addresses of the far hosts
	for n := range hosts {
		c.IPAddresses = append(c.IPAddresses, net.IPv4(127, 0, 1, byte(n+1)))
	}
	root := certificate.Root("Bench root")
	config := certificate.Sign(c, root).Config()
	d.TrustedCA = root.PEM()
	imap, pop3 := d.Server(mailbox.IMAP).Port, d.Server(mailbox.POP3).Port
	if err := l.manager.Book.Remove(l.d.Name); err != nil {
		return err
	}
	ctx, end := context.WithCancel(l.ctx)
	defer end()
	var far []mailbox.Definition
	for n := range mailboxes {
		d.Name = fmt.Sprintf("Mailbox %04d", n)
		if n < hosts {
			address := fmt.Sprintf("127.0.1.%d", n+1)
			for to, server := range map[int]*int{imap: &d.Server(mailbox.IMAP).Port, pop3: &d.Server(mailbox.POP3).Port} {
				port, err := farHost(ctx, address, to, config)
				if err != nil {
					return err
				}
				*server = port
			}
			d.Server(mailbox.IMAP).Host, d.Server(mailbox.POP3).Host = address, address
			far = append(far, d.Clone())
		} else {
			d.Servers = far[n%hosts].Servers
		}
		if err := l.manager.Book.Put(d); err != nil {
			return err
		}
	}
	file := filepath.Join(l.dir, "one.json")
	if err := os.WriteFile(file, d.Format(), 0o600); err != nil {
		return err
	}
	one := &row{name: "one mailbox", args: []string{l.program, "test", "--file", file, "--json", "--allow-host", d.Server(mailbox.IMAP).Host}}
	all := []string{l.program, "test", "--all", "--json"}
	for n := range hosts {
		all = append(all, "--allow-host", fmt.Sprintf("127.0.1.%d", n+1))
	}
	if err := compare(fmt.Sprintf("Mailboxes, %d ms round trip", allRoundTrip.Milliseconds()), 9, one); err != nil {
		return err
	}
	s, err := measure("", all...)
	if err != nil {
		return err
	}
	fmt.Printf("  %-38s %9.1f ms  %6.1f MB   %d descriptors\n", fmt.Sprintf("test --all, %d mailboxes on %d hosts", mailboxes, hosts), ms(s.time), mb(s.peak), s.files)
	fmt.Printf("  %-38s × %.1f faster than one after another\n", "", float64(mailboxes*one.median().time)/float64(s.time))
	return nil
}

// farHost is a mail server with a certificate for its address.
func farHost(ctx context.Context, address string, to int, config *tls.Config) (port int, err error) {
	listener, err := tls.Listen("tcp", address+":0", config)
	if err != nil {
		return 0, err
	}
	return slowly(ctx, listener, allRoundTrip, func() (line, error) {
		return tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", to), &tls.Config{InsecureSkipVerify: true}) // our own, on loopback
	}), nil
}
