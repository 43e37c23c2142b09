// Package policy holds what those who roll Mailgrant out have decided for all
// mailboxes of a machine or a user: on Windows below Software\Policies\Mailgrant
// of the registry, the machine's before the user's; elsewhere in a file that
// only root can write.
//
// A policy that cannot be read is an error, not a policy that is not there:
// some of them are there to forbid.
package policy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"mailgrant/internal/bounded"
)

// Policy is all that can be decided. The zero value decides nothing.
type Policy struct {
	ClientID        string   `json:"ClientId"`        // of a definition for Microsoft that leaves it out
	Tenant          string   `json:"Tenant"`          // likewise
	Cloud           string   `json:"Cloud"`           // likewise
	Proxy           string   `json:"Proxy"`           // of sign-in and renewal, in place of the system's
	SignInWays      []string `json:"SignInWays"`      // the only ones allowed
	TokenHosts      []string `json:"TokenHosts"`      // the only mail hosts that may get a token or password; *.contoso.com for all below
	NoSecretsOnDisk bool     `json:"NoSecretsOnDisk"` // what is secret is kept in memory and ends with the program
}

// Error says which policy cannot be used.
type Error struct {
	Name   string // of the value, or where policies are read
	Reason string
}

func (e *Error) Error() string { return "policy: " + e.Name + ": " + e.Reason }

var current atomic.Pointer[Policy]

// Current is what was loaded; before that nothing is decided.
func Current() Policy { return *cmp.Or(current.Load(), &Policy{}) }

// Load reads the policies, from the system or, if source is not "", from that
// file. Its error is an *Error.
func Load(source string) error {
	p, err := read(source)
	if err == nil {
		err = p.check()
	}
	if err == nil {
		current.Store(&p)
	}
	return err
}

// Set makes p current, for tests, and returns what undoes it.
func Set(p Policy) (undo func()) {
	before := current.Swap(&p)
	return func() { current.Store(before) }
}

// The words that may stand in policies.
var (
	clouds = []string{"global", "us-gov-high", "us-dod", "china"}
	ways   = []string{"private-window", "default-browser", "link", "device-code"}
)

func (p *Policy) check() error {
	for i, host := range p.TokenHosts {
		p.TokenHosts[i] = strings.ToLower(strings.TrimSpace(host))
	}
	if p.Cloud != "" && !slices.Contains(clouds, p.Cloud) {
		return &Error{"Cloud", fmt.Sprintf("%q is not one of %s", p.Cloud, strings.Join(clouds, ", "))}
	}
	for _, way := range p.SignInWays {
		if !slices.Contains(ways, way) {
			return &Error{"SignInWays", fmt.Sprintf("%q is not one of %s", way, strings.Join(ways, ", "))}
		}
	}
	if p.Proxy != "" {
		address := p.Proxy
		if !strings.Contains(address, "://") {
			address = "http://" + address
		}
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.User != nil || strings.Contains(address, "=") {
			return &Error{"Proxy", "needed is an address such as proxy.contoso.com:8080, without a password"}
		}
	}
	return nil
}

// Ways leaves of the ways to sign in those that are allowed.
func (p Policy) Ways(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(way string) bool {
		return len(p.SignInWays) > 0 && !slices.Contains(p.SignInWays, way)
	})
}

// HostAllowed reports whether a mail host may get a token or a password.
func (p Policy) HostAllowed(host string) bool {
	host = strings.ToLower(host)
	return len(p.TokenHosts) == 0 || slices.ContainsFunc(p.TokenHosts, func(pattern string) bool {
		domain, below := strings.CutPrefix(pattern, "*")
		return pattern == host || below && strings.HasPrefix(domain, ".") && strings.HasSuffix(host, domain)
	})
}

// maxFile is far more than all policies need.
const maxFile = 1 << 20

// readFile reads policies as JSON; a file that is not there has none.
func readFile(path string) (Policy, error) {
	var p Policy
	data, err := bounded.ReadFile(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields() // a policy with a typing error would forbid nothing
		err = d.Decode(&p)
		if _, end := d.Token(); err == nil && !errors.Is(end, io.EOF) { // so would what stands behind the end
			err = errors.New("there is more than one object")
		}
	}
	if err != nil {
		return Policy{}, &Error{path, err.Error()}
	}
	return p, nil
}
