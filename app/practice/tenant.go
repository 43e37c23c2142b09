package practice

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"mailgrant/internal/i18n"
	"mailgrant/internal/loopback"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
)

// Options say how a practice tenant differs from the usual one. The zero
// value is the usual one.
type Options struct {
	Name   string           // of its mailbox; "" = Practice
	Faults []string         // on from the beginning
	Log    *slog.Logger     // nil = no log; never gets a token
	Now    func() time.Time // the clock of tokens and codes; nil = time.Now

	Language i18n.Language // of its pages; "" = the browser's
	SlowBy   time.Duration // delay of a mail answer with the fault slow; 0 = 5 s

	AppBarred bool // an application without a user has no right on the mailboxes
	HTTPS     bool // the sign-in service speaks TLS, with the mail servers' certificate
}

// Tenant is a running practice tenant.
type Tenant struct {
	opts Options
	log  *slog.Logger
	now  func() time.Time
	url  string // of the sign-in service, without a slash at the end

	keyID string
	certs certificates
	ports map[string]int
	boxes map[string]*mailStore

	mu      sync.Mutex
	faults  map[string]bool
	codes   map[string]*code
	refresh map[string]*refreshToken
	devices map[string]*deviceRequest

	ctx     context.Context // ends with Close
	end     context.CancelFunc
	closing sync.Once
	web     *http.Server
	serving sync.WaitGroup // accept loops and connections to the mail servers
}

// Start opens the tenant. It ends with Close or with the context.
func Start(ctx context.Context, o Options) (*Tenant, error) {
	t := &Tenant{
		opts: o, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)), now: o.Now,
		ports: map[string]int{},
		codes: map[string]*code{}, refresh: map[string]*refreshToken{}, devices: map[string]*deviceRequest{},
	}
	t.ctx, t.end = context.WithCancel(context.Background())
	if t.now == nil {
		t.now = time.Now
	}
	err := t.SetFaults(o.Faults)
	if err == nil {
		err = t.open()
	}
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	context.AfterFunc(ctx, func() { _ = t.Close() })
	return t, nil
}

func (t *Tenant) open() error {
	t.keyID = random(16)
	t.certs, t.boxes = newCertificates(), newMailStores(t.now)
	if err := t.openWeb(); err != nil {
		return err
	}
	for name, serve := range map[string]func(net.Listener) error{"imap": t.serveIMAP, "pop3": t.servePOP3, "smtp": t.serveSMTP} {
		listeners, port, err := loopback.Listen(context.Background(), nil)
		if err != nil {
			return err
		}
		t.ports[name] = port
		t.serve(listeners, serve)
	}
	return nil
}

func (t *Tenant) openWeb() error {
	listeners, port, err := loopback.Listen(context.Background(), nil)
	if err != nil {
		return err
	}
	scheme := "http"
	if t.opts.HTTPS {
		scheme = "https"
	}
	t.url = scheme + "://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	t.web = &http.Server{
		Handler: t.routes(), ErrorLog: t.libraryLog(),
		ReadHeaderTimeout: 30 * time.Second, MaxHeaderBytes: 64 << 10,
	}
	for _, l := range listeners {
		if t.opts.HTTPS {
			l = tls.NewListener(l, t.tlsConfig())
		}
		t.serving.Go(func() { _ = t.web.Serve(l) }) // always ErrServerClosed or a closed listener
	}
	return nil
}

// Close ends all connections and listeners and waits until nothing of the
// tenant runs any more. Further calls do nothing.
func (t *Tenant) Close() error {
	var err error
	t.closing.Do(func() {
		t.end()
		if t.web != nil {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			if err = t.web.Shutdown(ctx); err != nil {
				err = t.web.Close()
			}
		}
		t.serving.Wait()
	})
	return err
}

// URL is the address of the sign-in service; its root is a page for people.
func (t *Tenant) URL() string { return t.url }

// Definition is the mailbox helpdesk@contoso.test on this tenant, ready to
// use.
func (t *Tenant) Definition() mailbox.Definition {
	at := func(name, security string) *mailbox.Server {
		return &mailbox.Server{Host: "localhost", Port: t.ports[name], Security: security}
	}
	return mailbox.Definition{
		Name:   cmp.Or(t.opts.Name, "Practice"),
		Sender: Helpdesk.Address, User: Helpdesk.UPN,
		Servers: mailbox.NewServers(mailbox.Given{
			mailbox.IMAP: at("imap", mailbox.SecurityTLS), mailbox.POP3: at("pop3", mailbox.SecurityTLS), mailbox.SMTP: at("smtp", mailbox.SecuritySTARTTLS),
		}),
		Authentication: mailbox.AuthOAuth2,
		OAuth: &mailbox.OAuth{
			Provider: mailbox.ProviderMicrosoft, Cloud: mailbox.CloudGlobal,
			AccountType: mailbox.AccountTenant, Tenant: Domain, ClientID: ClientID,
			SignIn: mailbox.SignInPrivateWindow, Prompt: mailbox.PromptLogin,
			Authority: t.url, Redirect: mailbox.RedirectLocalhost,
		},
		TrustedCA: t.certs.root.PEM(),
	}.Normalize()
}

// linger waits as long as a slow server does, or until the tenant closes.
func (t *Tenant) linger() {
	if !t.faulty(FaultSlow) {
		return
	}
	select {
	case <-time.After(cmp.Or(t.opts.SlowBy, 5*time.Second)):
	case <-t.ctx.Done():
	}
}

// libraryWriter turns what the server libraries print into debug records.
// They do not print credentials, but may print a piece of a broken line.
type libraryWriter struct{ log *slog.Logger }

func (w libraryWriter) Write(p []byte) (int, error) {
	w.log.Debug("practice: " + redact.Line(string(p)))
	return len(p), nil
}
