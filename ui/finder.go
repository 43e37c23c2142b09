package ui

import (
	"context"
	"log/slog"
	"strings"

	"mailgrant/app/assistant"
	"mailgrant/internal/mailbox"
)

// Finder finds out what belongs to an address. It implements presenter.Finder.
type Finder = assistant.Finder

// NewFinder asks the real services.
func NewFinder(log *slog.Logger) Finder { return assistant.NewFinder(log) }

// practiceFinder knows the practice tenant's domain and asks the real services
// about nothing: practice stays on this machine.
type practiceFinder struct{ definition mailbox.Definition }

// Propose implements presenter.Finder.
func (f practiceFinder) Propose(_ context.Context, sender string) mailbox.Definition {
	own := f.definition.Sender
	if !strings.EqualFold(sender[strings.LastIndexByte(sender, '@')+1:], own[strings.LastIndexByte(own, '@')+1:]) {
		return mailbox.Definition{Sender: sender}
	}
	d := f.definition.Clone()
	d.Name, d.Sender, d.User = "", sender, sender
	return d
}

// Tenant implements presenter.Finder.
func (f practiceFinder) Tenant(ctx context.Context, d mailbox.Definition, domain string) (string, error) {
	d = d.Clone()
	d.OAuth.Authority, d.TrustedCA = f.definition.OAuth.Authority, f.definition.TrustedCA
	return assistant.TenantOf(ctx, d, domain)
}
