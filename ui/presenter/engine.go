package presenter

import (
	"context"
	"iter"
	"log/slog"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/app/history"
	"mailgrant/app/overview"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
	"mailgrant/oauth"
)

// Engine does the work with authorizations; *authorization.Manager in the
// program.
type Engine interface {
	overview.Keeper
	Request(context.Context, mailbox.Definition, authorization.Options) (authorization.Result, error)
	Consent(context.Context, mailbox.Definition, authorization.Options) (oauth.ConsentResult, error)
	Refresh(context.Context, mailbox.Definition) (authorization.Status, error)
	Forget(context.Context, mailbox.Definition) ([]string, error)
	Credential(d mailbox.Definition, hosts []string) mailtest.CredentialFunc
	Experiments(d mailbox.Definition, hosts []string) *mailtest.Experiments
	CheckHosts(d mailbox.Definition, confirmed []string) error
	SetSecret(mailbox.Definition, authorization.SecretKind, redact.Secret) error
	RemoveSecret(mailbox.Definition, authorization.SecretKind) error
	HasSecret(mailbox.Definition, authorization.SecretKind) bool
	MoveSecrets(from, to mailbox.Definition) error
	CopySecrets(from, to mailbox.Definition) error
}

// Book keeps the saved mailboxes; *mailbox.Book in the program.
type Book interface {
	All() ([]*mailbox.Saved, error)
	Get(name string) (mailbox.Definition, error)
	Replace(was, d mailbox.Definition) error // the old name goes later, by Discard
	Discard(was mailbox.Definition) error
}

// History is what is kept of the mailboxes' tests; *history.History in the program.
type History interface {
	Load(name string) ([]history.Entry, error)
	Latest(mailbox.Definition) (e history.Entry, ok bool, err error)
}

// Tester runs a mailbox test; mailtest.Run in the program.
type Tester func(context.Context, mailtest.Config) iter.Seq[mailtest.Event]

// Finder finds out what belongs to an address. It may ask the name service
// and the sign-in service.
type Finder interface {
	// Propose fills a definition for the sender of one, which may have errors,
	// with what can be found: provider, servers, tenant. What it cannot find it
	// leaves empty. An error: who was asked did not answer, and nothing was found.
	Propose(ctx context.Context, from mailbox.Definition) (mailbox.Definition, error)
	// Tenant returns the tenant of a domain at the definition's service.
	Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error)
}

// Practice is the practice tenant behind the window.
type Practice interface {
	Faults() []string // also called beside the window
	SetFaults([]string) error
	URL() string
}

// Config is what a Presenter works with. All but Importer, History, Preflight, CheckProduct, RoundTrip, CheckFolder, Practice, Faults, Now and
// Ticker are needed.
type Config struct {
	Texts        *i18n.Texts
	Version      string // of the program, for reports
	Engine       Engine
	Book         Book
	Test         Tester
	Importer     Importer       // takes files over; nil: it cannot
	History      History        // of the mailboxes' tests; called beside the window; nil: none is kept
	RoundTrip    Tester         // sends a message; nil: it cannot
	Preflight    Preflighter    // nil: it cannot be asked
	CheckProduct ProductChecker // nil: it cannot be asked
	Finder       Finder
	Notes        Notes
	CheckFolder  func() error // why nothing can be saved; called beside the window; nil: nobody knows

	LanguageFixed bool // the window was asked for in its language

	Practice Practice     // nil: not in practice
	Faults   []string     // those that Practice knows, in the order shown
	Schedule Schedule     // nil: there is no task scheduler
	Practise func() error // opens a second window, in practice; called beside this one; nil: it cannot
	Log      *slog.Logger

	Dispatch func(func())             // runs a function on the window's goroutine
	Render   func(State)              // shows a state
	Copy     func(text string) bool   // puts a text on the clipboard; false: it did not arrive there
	Announce func(title, text string) // shows a notice of the desktop
	Notify   func()                   // draws the user's eye to the window: a sign-in has ended
	Open     func(link string) error  // opens an address in the browser; called beside the window's goroutine

	Now    func() time.Time                             // also called beside the window's goroutine
	Ticker func() (ticks <-chan time.Time, stop func()) // makes the time left move; once a second
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Ticker == nil {
		c.Ticker = func() (<-chan time.Time, func()) {
			t := time.NewTicker(time.Second)
			return t.C, t.Stop
		}
	}
	return c
}
