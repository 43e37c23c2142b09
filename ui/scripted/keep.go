package scripted

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/ui/presenter"
)

// Book is a presenter.Book in memory. It is read and written beside the window.
type Book struct {
	OnSave func() error // nil, or called before a mailbox is saved or removed
	mu     sync.Mutex
	all    map[string]mailbox.Definition
}

func (b *Book) All() ([]*mailbox.Saved, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []*mailbox.Saved
	for _, d := range b.all {
		all = append(all, &mailbox.Saved{Name: d.Name, Definition: d.Clone()})
	}
	slices.SortFunc(all, func(x, y *mailbox.Saved) int { return i18n.Compare(x.Name, y.Name) })
	return all, nil
}

// Names lists the names of All.
func (b *Book) Names() ([]string, error) { return mailbox.NamesOf(b.All()) }

func (b *Book) Get(name string) (mailbox.Definition, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d, ok := b.all[strings.ToLower(name)]
	if !ok {
		return d, mailbox.ErrNotSaved
	}
	return d.Clone(), nil
}

// Put saves a definition.
func (b *Book) Put(d mailbox.Definition) error {
	if err := d.Validate(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[string]mailbox.Definition{}
	}
	b.all[strings.ToLower(d.Name)] = d.Clone()
	return nil
}

// Replace implements presenter.Book. Nobody else changes it.
func (b *Book) Replace(_, d mailbox.Definition) error {
	if err := b.saving(); err != nil {
		return err
	}
	return b.Put(d)
}

func (b *Book) Discard(was mailbox.Definition) error {
	if err := b.saving(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.all[strings.ToLower(was.Name)]; !ok {
		return mailbox.ErrNotSaved
	}
	delete(b.all, strings.ToLower(was.Name))
	return nil
}

func (b *Book) saving() error {
	if b.OnSave == nil {
		return nil
	}
	return b.OnSave()
}

// Notes is a presenter.Notes in memory.
type Notes struct {
	presenter.Remembered
	Drafts []presenter.Draft
}

func (n *Notes) LoadDrafts() []presenter.Draft { return n.Drafts }

func (n *Notes) SaveDrafts(d []presenter.Draft) error { n.Drafts = d; return nil }

func (n *Notes) Kept() presenter.Remembered { return n.Remembered }

func (n *Notes) Keep(r presenter.Remembered) { n.Remembered = r }

// Finder is a presenter.Finder that knows contoso.com, shop.example, which is
// at Google, and else.example, which announces servers of its own. About
// silent.example nobody answers.
type Finder struct{}

func (Finder) Propose(_ context.Context, from mailbox.Definition) (mailbox.Definition, error) {
	d, sender := Helpdesk(), from.Sender
	switch _, domain, _ := strings.Cut(sender, "@"); domain {
	case "contoso.com":
	case "shop.example":
		return mailbox.Definition{
			Sender: sender, User: sender, Authentication: mailbox.AuthOAuth2, Servers: mailbox.OAuth{Provider: mailbox.ProviderGoogle}.Presets(),
			OAuth: &mailbox.OAuth{Provider: mailbox.ProviderGoogle},
		}, nil
	case "else.example":
		return mailbox.Definition{
			Sender: sender, User: sender, Authentication: mailbox.AuthPassword,
			Servers: mailbox.NewServers(mailbox.Given{
				mailbox.IMAP: &mailbox.Server{Host: "mail.else.example", Port: 993, Security: mailbox.SecurityTLS},
				mailbox.SMTP: &mailbox.Server{Host: "mail.else.example", Port: 465, Security: mailbox.SecurityTLS},
			}),
		}, nil
	case "silent.example":
		return mailbox.Definition{Sender: sender}, errors.New("no answer")
	default:
		return mailbox.Definition{Sender: sender}, nil
	}
	d.Sender, d.User, d.OAuth.ClientID, d.OAuth.Tenant = sender, sender, "", "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713"
	return d, nil
}

func (Finder) Tenant(_ context.Context, _ mailbox.Definition, domain string) (string, error) {
	if domain != "contoso.com" {
		return "", errors.New("no such tenant")
	}
	return "8f3a2c61-5d0e-4b7a-9c1f-2e6d4a90b713", nil
}

// Practice is a presenter.Practice.
type Practice struct{ On []string }

func (p *Practice) Faults() []string { return slices.Clone(p.On) }

func (p *Practice) SetFaults(on []string) error { p.On = on; return nil }

func (p *Practice) URL() string { return "http://127.0.0.1:49152" }

// Schedule is a presenter.Schedule in memory.
type Schedule struct {
	On    atomic.Bool
	Wrong atomic.Value // error with which every call fails
}

func (s *Schedule) wrong() error {
	err, _ := s.Wrong.Load().(error)
	return err
}

func (s *Schedule) Installed(context.Context) (bool, error) { return s.On.Load(), s.wrong() }

func (s *Schedule) Install(context.Context) error { return s.set(true) }

func (s *Schedule) Remove(context.Context) error { return s.set(false) }

func (s *Schedule) set(on bool) error {
	if err := s.wrong(); err != nil {
		return err
	}
	s.On.Store(on)
	return nil
}
