package mailtest

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/provider"
	"mailgrant/internal/typo"
)

// A name that nobody knows is tried in the ways in which it may have been
// meant; one counts that has an address and speaks the protocol there.
var _ = trying(diagnosis.NameVariants, trial{
	unasked: always,
	fits:    func(s *session) bool { return s.failure.event.Step == StepResolve },
	run: func(ctx context.Context, p *probe) string {
		for _, server := range p.meant(ctx) {
			found, err := resolve(ctx, p.r.cfg.Resolve, server.Host)
			if err != nil {
				continue
			}
			p.server.Host = server.Host // for the name in the handshake
			if p.speaks(ctx, netip.AddrPortFrom(found[0], uint16(server.Port))) == server.Security {
				p.change = &server
				return "found"
			}
		}
		return inTime(ctx, "none")
	},
})

// maxVariants is how many names are tried.
const maxVariants = 5

// meant lists what a wrong name may have been meant to be: the provider's own,
// and those beside the host that takes the mail of the sender's domain.
func (p *probe) meant(ctx context.Context) []mailbox.Server {
	given := p.failed.server
	var all []mailbox.Server
	add := func(host string) {
		host = strings.ToLower(strings.TrimSuffix(host, "."))
		known := slices.ContainsFunc(all, func(s mailbox.Server) bool { return s.Host == host })
		if host != "" && host != given.Host && !known && len(all) < maxVariants {
			all = append(all, mailbox.Server{Host: host, Port: given.Port, Security: given.Security})
		}
	}
	if preset := p.r.cfg.Experiments.Presets[p.protocol]; preset.Host != "" && (typo.Distance(given.Host, preset.Host) <= 2 || p.mailGoesTo(ctx, preset.Host)) {
		all = append(all, preset)
	}
	domain := mailbox.DomainOf(p.definition.Sender)
	for _, label := range []string{mailbox.KindOf(p.protocol).Short, "mail"} {
		add(label + "." + domain)
	}
	for _, host := range p.mailHosts(ctx) {
		add(host)
	}
	return all
}

// mailGoesTo tells whether the mail of the sender's domain is taken by the
// provider that a host belongs to.
func (p *probe) mailGoesTo(ctx context.Context, host string) bool {
	owner, known := provider.ByHost(host)
	return known && slices.ContainsFunc(p.mailHosts(ctx), func(mx string) bool {
		taker, _ := provider.ByMX(mx)
		return taker.ID == owner.ID
	})
}

// mailHosts are the hosts that take the mail of the sender's domain.
func (p *probe) mailHosts(ctx context.Context) []string {
	lookUp := p.r.cfg.Experiments.LookupMX
	if lookUp == nil {
		lookUp = net.DefaultResolver.LookupMX
	}
	var hosts []string
	records, _ := lookUp(ctx, mailbox.DomainOf(p.definition.Sender)) // those that are good come beside an error
	for _, mx := range records {
		hosts = append(hosts, strings.ToLower(strings.TrimSuffix(mx.Host, ".")))
	}
	return hosts
}
