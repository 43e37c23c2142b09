package mailtest

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"net/netip"
	"slices"

	"mailgrant/internal/diagnosis"
	"mailgrant/internal/mailbox"
)

// FactLeaves (experiment fetch-chain): issuer of the server's certificate by
// the address that showed it.
const FactLeaves = "issuers"

// A refused certificate is fetched once more, by each family of addresses and
// without trusting it: another one elsewhere belongs to something in between.
var _ = trying(diagnosis.FetchChain, trial{
	unasked: always,
	fits:    func(s *session) bool { return s.failure.event.Step == StepTLS && s.chain.refused() },
	run: func(ctx context.Context, p *probe) string {
		issuers, leaves := map[string]any{}, map[[32]byte]bool{}
		chain := p.failed.chain.state.PeerCertificates
		for _, a := range firstOfEach(p.addresses) {
			sent := p.chainAt(ctx, netip.AddrPortFrom(a, uint16(p.server.Port)))
			if len(sent) == 0 {
				continue
			}
			issuers[a.String()] = shownName(sent[0].Issuer)
			leaves[sha256.Sum256(sent[0].RawIssuer)] = true
		}
		p.facts[FactLeaves] = issuers
		p.facts[FactRoot] = shownName(chain[len(chain)-1].Issuer)
		if len(leaves) > 1 {
			return "differs-by-family"
		}
		return diagnosis.KindOfChain(chain)
	},
})

// firstOfEach is the first address of each family, which take turns.
func firstOfEach(addresses []netip.Addr) []netip.Addr {
	first := slices.Clone(addresses[:min(2, len(addresses))])
	return slices.CompactFunc(first, func(a, b netip.Addr) bool { return a.Is4() == b.Is4() })
}

// chainAt is what a server shows at an address. After STARTTLS nothing but
// the handshake is said.
func (p *probe) chainAt(ctx context.Context, address netip.AddrPort) []*x509.Certificate {
	err := p.connectTo(address)
	if err == nil && p.server.Security == mailbox.SecuritySTARTTLS {
		if err = p.dialog.greet(); err == nil {
			err = p.dialog.startTLS()
		}
	}
	if err != nil {
		return nil
	}
	secured, _ := p.untrusted(ctx) // the certificates come before it can fail
	return secured.ConnectionState().PeerCertificates
}
