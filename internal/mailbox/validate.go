package mailbox

import (
	"crypto/x509"
	"encoding/pem"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"mailgrant/internal/i18n"
	"mailgrant/internal/pattern"
	"mailgrant/internal/provider"
	"mailgrant/internal/redact"
)

// The longest, counted apart: an expression that counts is a large one.
const (
	maxName  = 64 // characters
	maxLabel = 63 // RFC 1035, section 2.3.4
	maxHost  = 253
	maxWord  = 255
	maxSaid  = 80 // of a wrong value, in the message about it
)

var (
	// A mailbox name becomes a file name and a word on the command line.
	namePattern = pattern.New(`^[\p{L}\p{N}][\p{L}\p{N} ._@&+()-]*$`)
	// Device names of Windows, which no file may carry whatever its extension.
	reservedName = pattern.New(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)
	// The characters of RFC 5321 4.1.2 dot-string, and of a host name behind
	// the @. Quoted local parts are legal and nobody's sign-in name.
	addressPattern = pattern.New(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+)*@([^@\s]+)$`)
	labelPattern   = pattern.New(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$`)
	guidPattern    = pattern.New(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	clientPattern  = pattern.New(`^[A-Za-z0-9._~:@/+=-]+$`)
	// RFC 6749 3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
	scopePattern = pattern.New(`^[\x21\x23-\x5B\x5D-\x7E]+$`)
)

// checker gathers field errors in order.
type checker struct{ found Invalid }

func (c *checker) fail(field, problem string, args ...i18n.Args) {
	e := FieldError{Field: field, Problem: problem, Args: i18n.Args{}}
	for _, a := range args {
		for name, value := range a {
			e.Args[name] = redact.Line(value) // what the file says is data
			if said := []rune(e.Args[name]); name == "value" && len(said) > maxSaid {
				e.Args[name] = string(said[:maxSaid]) + "…"
			}
		}
	}
	c.found = append(c.found, e)
}

func (c *checker) oneOf(field, value string, allowed ...string) (ok bool) {
	if ok = slices.Contains(allowed, value); !ok {
		c.fail(field, "choice", i18n.Args{"value": value, "allowed": strings.Join(allowed, ", ")})
	}
	return ok
}

// Validate reports every field that is wrong, or nil. It expects a normalised
// definition.
func (d Definition) Validate() error {
	c := &checker{}
	switch {
	case d.Name == "":
		c.fail("name", "empty")
	case utf8.RuneCountInString(d.Name) > maxName || !namePattern().MatchString(d.Name) || reservedName().MatchString(d.Name):
		c.fail("name", "name")
	}
	c.address("sender", d.Sender, true)
	switch {
	case d.User == "" && d.SharedMailbox != "":
		c.fail("user", "shared-needs-user")
	case d.User != d.Sender:
		c.address("user", d.User, true)
	}
	c.address("shared_mailbox", d.SharedMailbox, false)
	if d.SharedMailbox != "" && strings.EqualFold(d.SharedMailbox, d.User) {
		c.fail("shared_mailbox", "shared-is-user")
	}
	c.oneOf("authentication", d.Authentication, AuthOAuth2, AuthPassword)
	for _, s := range d.Servers {
		c.server(string(s.Protocol), *s.Server)
	}
	if len(d.Servers) == 0 {
		c.fail(string(Kinds()[0].Protocol), "no-server")
	}
	switch {
	case d.Authentication != AuthOAuth2:
	case d.OAuth == nil:
		c.fail("oauth", "oauth-missing")
	default:
		c.oauth(*d.OAuth)
	}
	c.trustedCA(d)
	c.secrets(d.Fields())
	if len(c.found) > 0 {
		return c.found
	}
	return nil
}

// secrets refuses a client secret in any field: the file is readable and passed on.
func (c *checker) secrets(fields map[string]string) {
	for _, path := range slices.Sorted(maps.Keys(fields)) {
		if _, wrong := c.found.For(path); !wrong && redact.HasClientSecret(fields[path]) {
			c.fail(path, "secret")
		}
	}
}

func (c *checker) address(field, value string, required bool) {
	switch {
	case value == "" && !required:
	case value == "":
		c.fail(field, "empty")
	case !IsAddress(value):
		c.name(field, "address", value)
	}
}

// CheckAddress is Validate for one field that holds an e-mail address.
func CheckAddress(field, value string) error {
	c := &checker{}
	if c.address(field, value, true); len(c.found) > 0 {
		return c.found
	}
	return nil
}

// name tells the problem of a name, or of an address with one, that is none. For a
// name in its own script there is a way to write it, which is told.
func (c *checker) name(field, problem, value string) {
	at := strings.LastIndexByte(value, '@') + 1
	args := i18n.Args{"value": value}
	if name := ASCII(value[at:]); name != value[at:] {
		problem, args["ascii"] = "international", value[:at]+name
	}
	c.fail(field, problem, args)
}

// ASCII is the form of a host name in its own script in which DNS has it (RFC
// 5890, A-labels); any other text stays as it is. It is what net/http asks a
// server for.
func ASCII(name string) string {
	var request strings.Builder
	if !strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) ||
		(&http.Request{Host: strings.ToLower(name), URL: &url.URL{Path: "/"}}).Write(&request) != nil {
		return name
	}
	_, rest, _ := strings.Cut(request.String(), "\r\nHost: ")
	if host, _, _ := strings.Cut(rest, "\r\n"); IsHostName(host) {
		return host
	}
	return name
}

func (c *checker) server(field string, s Server) {
	c.host(field+".host", s.Host)
	if s.Port < 1 || s.Port > 65535 {
		c.fail(field+".port", "port", i18n.Args{"value": strconv.Itoa(s.Port)})
	}
	c.oneOf(field+".security", s.Security, SecurityTLS, SecuritySTARTTLS, SecurityNone)
	if s.Security == SecurityNone && s.Host != "" && !IsLoopback(s.Host) {
		c.fail(field+".security", "unencrypted", i18n.Args{"tls": SecurityTLS, "starttls": SecuritySTARTTLS, "none": SecurityNone})
	}
}

func (c *checker) host(field, host string) {
	switch {
	case host == "":
		c.fail(field, "empty")
	case !IsHost(host):
		c.name(field, "host", host)
	}
}

func (c *checker) oauth(o OAuth) {
	known := o.Profile()
	c.oneOf("oauth.provider", o.Provider, provider.IDs()...)
	if known.Entra {
		c.oneOf("oauth.cloud", o.Cloud, CloudGlobal, CloudUSGovHigh, CloudUSDoD, CloudChina)
		if c.oneOf("oauth.account_type", o.AccountType, AccountTenant, AccountOrganizations, AccountCommon, AccountConsumers, AccountApplication) {
			c.tenant(o)
		}
	} else {
		for _, f := range []struct{ field, value string }{{"oauth.cloud", o.Cloud}, {"oauth.account_type", o.AccountType}, {"oauth.tenant", o.Tenant}} {
			if f.value != "" {
				c.fail(f.field, "microsoft-only")
			}
		}
	}
	c.clientID(o.ClientID, known.Entra)
	for _, scope := range o.Scopes {
		if len(scope) > maxWord || !scopePattern().MatchString(scope) {
			c.fail("oauth.scopes", "scope", i18n.Args{"value": scope})
			break
		}
	}
	c.oneOf("oauth.sign_in", o.SignIn, SignInPrivateWindow, SignInDefaultBrowser, SignInLink, SignInDeviceCode)
	c.oneOf("oauth.prompt", o.Prompt, PromptLogin, PromptSelectAccount)
	c.baseURL("oauth.authority", o.Authority)
	switch {
	case known.Custom && o.Issuer == "":
		c.fail("oauth.issuer", "issuer-missing")
	case !known.Custom && o.Issuer != "":
		c.fail("oauth.issuer", "custom-only")
	default:
		c.baseURL("oauth.issuer", o.Issuer)
	}
	c.redirect(o, known.Entra)
}

func (c *checker) clientID(id string, entra bool) {
	switch {
	case id == "":
		c.fail("oauth.client_id", "empty")
	case redact.HasClientSecret(id):
		c.fail("oauth.client_id", "secret")
	case entra && !guidPattern().MatchString(id):
		c.fail("oauth.client_id", "guid", i18n.Args{"value": id})
	case len(id) > maxWord || !clientPattern().MatchString(id):
		c.fail("oauth.client_id", "characters")
	}
}

func (c *checker) redirect(o OAuth, entra bool) {
	switch native := o.nativeRedirect(); {
	case o.Redirect == RedirectLocalhost, o.Redirect == RedirectLoopback, entra && o.Redirect == native:
	case entra && o.PasteOnly():
		c.fail("oauth.redirect", "redirect-host", i18n.Args{"value": o.Redirect, "expected": native})
	case entra:
		c.fail("oauth.redirect", "redirect", i18n.Args{"value": o.Redirect, "native": native})
	default:
		c.oneOf("oauth.redirect", o.Redirect, RedirectLocalhost, RedirectLoopback)
	}
}

func (c *checker) tenant(o OAuth) {
	switch {
	case o.NeedsTenant() && o.Tenant == "":
		c.fail("oauth.tenant", "tenant-missing", i18n.Args{"type": o.AccountType})
	case !o.NeedsTenant() && o.Tenant != "":
		c.fail("oauth.tenant", "tenant-not-allowed", i18n.Args{"type": o.AccountType})
	case o.Tenant != "" && !isTenant(o.Tenant):
		c.name("oauth.tenant", "tenant", o.Tenant)
	}
}

// isTenant accepts an ID or a domain.
func isTenant(s string) bool { return IsGUID(s) || IsHostName(s) && strings.Contains(s, ".") }

// baseURL checks an address to which paths are added: https, or plain http on
// loopback, with nothing but host, port and path.
func (c *checker) baseURL(field, value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil ||
		u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(value, " \t\\") || !IsHost(u.Hostname()):
		c.fail(field, "url", i18n.Args{"value": value})
	case u.Scheme == "http" && !IsLoopback(u.Hostname()):
		c.fail(field, "http", i18n.Args{"value": value})
	}
}

// trustedCA accepts an extra root only where everything stays on loopback:
// otherwise a definition passed on by mail could open TLS to its author.
func (c *checker) trustedCA(d Definition) {
	if d.TrustedCA == "" {
		return
	}
	block, rest := pem.Decode([]byte(d.TrustedCA))
	if block == nil {
		block = &pem.Block{}
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil || strings.TrimSpace(string(rest)) != "" {
		c.fail("trusted_ca", "pem")
		return
	}
	outside := slices.ContainsFunc(d.Servers, func(s Endpoint) bool { return !IsLoopback(s.Host) })
	if d.Authentication == AuthOAuth2 && d.OAuth != nil {
		base := d.OAuth.Authority
		if d.OAuth.Profile().Custom {
			base = d.OAuth.Issuer
		}
		u, err := url.Parse(base)
		outside = outside || err != nil || !IsLoopback(u.Hostname())
	}
	if outside {
		c.fail("trusted_ca", "not-loopback")
	}
}

// PasteOnly reports whether the redirect never reaches a listener: the answer
// has to be pasted.
func (o OAuth) PasteOnly() bool {
	return strings.HasPrefix(o.Redirect, "https://") && strings.HasSuffix(o.Redirect, RedirectNativeSuffix)
}

// nativeRedirect is Microsoft's page that shows an answer to be copied, at the
// sign-in host of the cloud (learn.microsoft.com, "Authentication flow support
// in MSAL" and "National clouds", 2026-06). It is the only one to which a code
// may go: at another host its owner would read it.
func (o OAuth) nativeRedirect() string {
	return provider.Find(ProviderMicrosoft, o.Cloud, "").Authority + RedirectNativeSuffix
}

// IsHostName accepts DNS names of letters, digits and hyphens whose last label is
// no number (RFC 1123, 2.1); international names are entered in their xn-- form.
func IsHostName(host string) bool {
	for _, label := range strings.Split(host, ".") {
		if len(label) > maxLabel || !labelPattern().MatchString(label) {
			return false
		}
	}
	return len(host) <= maxHost && strings.Trim(host[strings.LastIndexByte(host, '.')+1:], "0123456789") != ""
}

// IsHost accepts a host name or an IP address.
func IsHost(host string) bool { return IsHostName(host) || net.ParseIP(host) != nil }

// IsLoopback reports whether a host name or address never leaves this machine.
func IsLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// IsAddress reports whether s is an e-mail address as the definition's fields
// take it.
func IsAddress(s string) bool {
	m := addressPattern().FindStringSubmatch(s)
	return m != nil && len(s) <= 254 && IsHostName(m[2])
}

// AddressesIn finds what may be a mail address in a text from anywhere. It takes
// too much rather than too little: also letters of other alphabets (RFC 6531),
// and what stands before an address without a blank.
var AddressesIn = pattern.New(`[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// AddressIn is the only address in a text as people paste it, such as "Help Desk
// <helpdesk@contoso.com>;" from a mail program. Any other text stays as it is, but
// for the blanks around it.
func AddressIn(text string) string {
	if found := AddressesIn().FindAllString(text, 2); len(found) == 1 && strings.ContainsAny(text, "<>;:") {
		return found[0]
	}
	return strings.TrimSpace(text)
}

// The words of an address, of a portal's page or of its JSON behind which the IDs of
// a tenant, as behind a sign-in server, and of an application stand.
const (
	namesTenant = " tenant tenantid mandant tid portal.azure.com entra.microsoft.com login.windows.net sts.windows.net "
	namesClient = " client clientid client_id appid "
)

// IDsIn are the tenant and the application in what people copy out of Microsoft's
// portals instead of the IDs: the address of a page or of an end point, or the lines
// with their names. Both are "" in a text that holds nothing of the kind.
func IDsIn(text string) (tenant, client string) {
	text = strings.ReplaceAll(text, "?", " ? ") // a word of its own: what follows belongs to no host
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-._?", r)
	})
	words = slices.DeleteFunc(words, func(w string) bool { return strings.EqualFold(w, "id") })
	for i, word := range words[:max(0, len(words)-1)] {
		next, name := words[i+1], " "+strings.ToLower(word)+" "
		switch {
		case tenant == "" && (strings.Contains(namesTenant, name) || provider.IsSignIn(word)) && isTenant(next):
			tenant = next
		case client == "" && strings.Contains(namesClient, name) && IsGUID(next):
			client = next
		}
	}
	return tenant, client
}

// IsGUID reports whether s has the form of an application or tenant ID.
func IsGUID(s string) bool { return guidPattern().MatchString(s) }
