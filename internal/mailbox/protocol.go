package mailbox

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
)

// Protocol names a kind of server: in definitions, in reports and on the
// command line.
type Protocol string

// The protocols that mail needs.
const (
	IMAP Protocol = "imap"
	POP3 Protocol = "pop3"
	SMTP Protocol = "smtp"
)

// Kind is what is known of a protocol before anything is asked. It is all that
// definitions, tables, forms, reports and monitors need in order to have one.
// What a token for it has to permit, and at which resource, is the provider's
// (internal/provider, Profile.Scopes).
type Kind struct {
	Protocol Protocol
	Title    string    // as people write it
	Ports    []Port    // the usual ones, the best first; at least one
	Services []Service // those that a domain announces, the best first
	Reads    bool      // the mail of the mailbox is read by it
	Short    string    // in sentences and, as a rule, in the names of such hosts
}

// Port is a usual port and how it is encrypted.
type Port struct {
	Number   int
	Security string
}

// Service is a name in DNS SRV records (RFC 6186; RFC 8314, section 5.1).
type Service struct{ Name, Security string }

// mail are the kinds in the order in which they are shown. Ports: RFC 8314,
// section 3, and RFC 6409.
var mail = []Kind{
	{
		Protocol: IMAP, Title: "IMAP", Short: "imap", Reads: true,
		Ports:    []Port{{993, SecurityTLS}, {143, SecuritySTARTTLS}, {143, SecurityNone}},
		Services: []Service{{"imaps", SecurityTLS}},
	},
	{
		Protocol: POP3, Title: "POP3", Short: "pop", Reads: true,
		Ports:    []Port{{995, SecurityTLS}, {110, SecuritySTARTTLS}, {110, SecurityNone}},
		Services: []Service{{"pop3s", SecurityTLS}},
	},
	{
		Protocol: SMTP, Title: "SMTP", Short: "smtp",
		Ports:    []Port{{587, SecuritySTARTTLS}, {465, SecurityTLS}, {25, SecurityNone}},
		Services: []Service{{"submissions", SecurityTLS}, {"submission", SecuritySTARTTLS}},
	},
}

// table is what is known of all protocols, and the type of a definition in a
// file, which depends on them and is made once.
type table struct {
	kinds []Kind
	shape func() reflect.Type
}

func newTable(kinds []Kind) *table {
	return &table{kinds, sync.OnceValue(func() reflect.Type { return newShape(kinds) })}
}

// known is the table of now: who reads it while Register puts another in its
// place sees one or the other.
var known = func() *atomic.Pointer[table] {
	var p atomic.Pointer[table]
	p.Store(newTable(mail))
	return &p
}()

// Kinds returns what is known of every protocol, in the order in which they
// are shown.
func Kinds() []Kind { return known.Load().kinds }

// Protocols returns the names of all protocols, in the order of Kinds.
func Protocols() []Protocol {
	kinds := Kinds()
	names := make([]Protocol, len(kinds))
	for i, k := range kinds {
		names[i] = k.Protocol
	}
	return names
}

// KindOf returns what is known of a protocol; nothing of one that there is not.
func KindOf(p Protocol) Kind {
	for _, k := range Kinds() {
		if k.Protocol == p {
			return k
		}
	}
	return Kind{}
}

// Title is what people call the protocol.
func (p Protocol) Title() string { return KindOf(p).Title }

// IsProtocol reports whether there is a protocol of this name.
func IsProtocol(name string) bool { return KindOf(Protocol(name)).Protocol != "" }

// Register adds a protocol behind the others, until forget is called.
func Register(k Kind) (forget func()) {
	before := known.Load()
	known.Store(newTable(append(slices.Clip(before.kinds), k)))
	return func() { known.Store(before) }
}

// Endpoint is a server and what is spoken there.
type Endpoint struct {
	Protocol Protocol
	*Server
}

// Servers are the servers that a definition names, in the order of Kinds.
type Servers []Endpoint

// Given are servers by protocol; there is none where it is nil.
type Given map[Protocol]*Server

// NewServers puts the given servers in order.
func NewServers(given Given) Servers {
	var all Servers
	for _, k := range Kinds() {
		if s := given[k.Protocol]; s != nil {
			all = append(all, Endpoint{k.Protocol, s})
		}
	}
	return all
}

// Of returns the server of a protocol, nil where there is none.
func (s Servers) Of(p Protocol) *Server {
	for _, e := range s {
		if e.Protocol == p {
			return e.Server
		}
	}
	return nil
}

// Protocols returns the names of the protocols, in order.
func (s Servers) Protocols() []Protocol {
	names := make([]Protocol, len(s))
	for i, e := range s {
		names[i] = e.Protocol
	}
	return names
}

// Server returns the definition's server of a protocol, nil where it has none.
func (d Definition) Server(p Protocol) *Server { return d.Servers.Of(p) }

// TokenFor is the resource for which a protocol of the definition needs an
// access token: "" is that of the mail servers, see provider.Profile.TokenFor.
func (d Definition) TokenFor(p Protocol) string {
	if d.Authentication != AuthOAuth2 {
		return ""
	}
	return d.Profile().TokenFor(string(p))
}

// OtherResources are those for which its servers need tokens beside the mail's.
func (d Definition) OtherResources() []string {
	var all []string
	for _, s := range d.Servers {
		if resource := d.TokenFor(s.Protocol); resource != "" && !slices.Contains(all, resource) {
			all = append(all, resource)
		}
	}
	return all
}

// SetServer gives the definition a server, or takes it away with nil. Copies
// of the definition keep theirs.
func (d *Definition) SetServer(p Protocol, s *Server) {
	given := Given{p: s}
	for _, e := range d.Servers {
		if e.Protocol != p {
			given[e.Protocol] = e.Server
		}
	}
	d.Servers = NewServers(given)
}
