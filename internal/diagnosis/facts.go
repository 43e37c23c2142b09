package diagnosis

import (
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// facts are what the rules decide by: what the caller knows, and what the
// text tells about itself.
type facts struct {
	in       Input
	phase    Phase
	provider Provider
	clue     map[string]bool
}

// clueAt is a clue with one of its phrases.
type clueAt struct {
	name   string
	phrase int32
}

// clues are things a text lets slip about how the failure came about. None
// of them is a cause; they decide between causes.
var clues = []struct {
	name    string
	phrases []string
}{
	{"gmail", []string{"gsmtp", "support.google.com", "accounts.google.com", "googleapis", "smtp.gmail.com", "imap.gmail.com", "pop.gmail.com", "googlemail", "gmail.com:993", "google.auth", "Google_Auth", "mail.google.com"}},
	{"exchange", []string{"prod.outlook.com", "office365.com", "microsoftonline", "aadsts", "outlook.office.com", "Microsoft Exchange", "exchangelabs", "protection.outlook.com", "aka.ms/smtp_auth"}},
	{"personal", []string{"@outlook.com", "@hotmail.", "@live.com", "smtp-mail.outlook.com", "imap-mail.outlook.com", "@msn.com", "outlook.com/hotmail"}},
	{"livecom", []string{"identity provider live.com", "provider 'live.com'"}},
	{"xoauth2", []string{"xoauth2", "oauthbearer", "SaslMechanismOAuth2", "auth=Bearer", "334 eyJ", "schemes: Bearer", "oauth2 auth", "oauth2 login", "oauth authentic", "access token"}},
	{"basic", []string{"AUTH PLAIN", "AUTH LOGIN", "AUTHENTICATE PLAIN", "AUTHENTICATE LOGIN", "user and password", "user name and password", "username and password login", "SASL PLAIN", "SASL LOGIN", "mechanism PLAIN", "auth_type basic"}},
	{"loginfailed", []string{"LOGIN failed"}},
	{"apponly", []string{"client_credentials", "client credentials", "AccessAsApp", "SendAsApp", "app-only", "CCG", "ConfidentialClientApplication", "AcquireTokenForClient", "application permission"}},
	{"devicecode", []string{"device code", "device_code", "devicecode", "urn:ietf:params:oauth:grant-type:device"}},
	{"apppassword", []string{"app password", "application password"}},
	{"ropc", []string{"grant_type=password", "username password flow", "ROPC", "AcquireTokenByUsernamePassword", "UsernamePasswordCredential"}},
	{"sharedbox", []string{"shared mailbox", "freigegebenes Postfach", "freigegebene Postfach", "gemeinsames Postfach"}},
	{"graph", []string{"graph.microsoft.com/IMAP", "graph.microsoft.com/POP", "graph.microsoft.com/SMTP", "graph.microsoft.com/.default"}},
	{"v1endpoint", []string{"oauth2/token", "old v1 endpoint"}},
	{"serviceaccount", []string{"service account", "serviceaccount", "service_account"}},
	{"knownhost", []string{"outlook.office365.com", "smtp.office365.com", "smtp-mail.outlook.com", "imap.gmail.com", "pop.gmail.com", "smtp.gmail.com", "login.microsoftonline.com", "oauth2.googleapis.com", "accounts.google.com"}},
	{"relayhost", []string{"mail.protection.outlook.com", "eop-nam", "eop-eur", "prod.protection.outlook.com"}},
	{"ownserver", []string{"own mail server", "establishing an SSL or TLS connection", "on-premises Exchange", "our own CA", "internal CA"}},
	{"tlstrouble", []string{"verify", "untrusted", "not trusted", "unknown authority", "self signed", "x509:", "issuer", "cannot be verified", "SSL certificate problem", "nicht vertrauenswürdig", "handshake"}},
	{"imapwords", []string{"AUTHENTICATE failed", "imaplib", "imap4", "IMAP"}},
	{"popwords", []string{"POP3", "-ERR", "poplib"}},
	{"smtpwords", []string{"SMTP", "nodemailer", "EAUTH"}},
}

// gather collects the facts for an input whose text has been read.
func gather(in Input, t *table, h *hits) *facts {
	f := &facts{in: in, phase: in.Phase, provider: in.Provider, clue: map[string]bool{}}
	for _, c := range t.clues {
		if len(h.of[c.phrase]) > 0 {
			f.clue[c.name] = true
		}
	}
	f.evidenceClues()
	f.inferProvider()
	f.inferPhase(h, t)
	return f
}

// evidenceClues adds what the caller knows for sure.
func (f *facts) evidenceClues() {
	e := &f.in.Evidence
	switch strings.ToUpper(e.Mechanism) {
	case "XOAUTH2", "OAUTHBEARER":
		f.clue["xoauth2"], f.clue["basic"] = true, false
	case "":
	default:
		f.clue["basic"], f.clue["xoauth2"] = true, false
	}
	if e.SharedMailbox != "" {
		f.clue["sharedbox"] = true
	}
	if c := e.Claims; c != nil && (c.IDType == "app" || len(c.Scopes) == 0 && len(c.Roles) > 0) {
		f.clue["apponly"] = true
	}
}

// inferProvider lets the text or the host correct a provider that is not
// known or only generic.
func (f *facts) inferProvider() {
	if f.provider != "" && f.provider != Generic {
		return
	}
	host := strings.ToLower(f.in.Evidence.Host)
	switch {
	case f.clue["gmail"] && !f.clue["exchange"], hasSuffixes(host, "gmail.com", "google.com", "googlemail.com"):
		f.provider = Google
	case hasSuffixes(host, "smtp-mail.outlook.com", "imap-mail.outlook.com", "pop-mail.outlook.com"):
		f.provider = Outlook
	case f.clue["exchange"], hasSuffixes(host, "office365.com", "outlook.com", "office.com", "office365.us", "outlook.cn"):
		f.provider = Microsoft
		if f.clue["personal"] {
			f.provider = Outlook
		}
	case f.clue["personal"] && f.provider == "":
		f.provider = Outlook
	}
}

// inferPhase guesses the protocol where the caller did not say it.
func (f *facts) inferPhase(h *hits, t *table) {
	if f.phase != "" {
		return
	}
	switch {
	case f.clue["popwords"]:
		f.phase = PhasePOP3
	case len(h.of[t.codes["535"]]) > 0, f.clue["smtpwords"]:
		f.phase = PhaseSMTP
	case f.clue["imapwords"]:
		f.phase = PhaseIMAP
	}
}

// is tells whether a condition of the rules holds.
func (f *facts) is(condition string) bool {
	switch condition {
	case "microsoft":
		return f.provider == Microsoft || f.provider == Outlook
	case "work":
		return f.provider == Microsoft
	case "outlook":
		return f.provider == Outlook
	case "google":
		return f.provider == Google
	case "generic":
		return f.provider == Generic || f.provider == ""
	case "imap":
		return f.phase == PhaseIMAP
	case "pop":
		return f.phase == PhasePOP3
	case "smtp":
		return f.phase == PhaseSMTP
	case "mail":
		return f.phase == PhaseIMAP || f.phase == PhasePOP3 || f.phase == PhaseSMTP
	case "oauth":
		return slices.Contains([]Phase{PhaseAuthorize, PhaseToken, PhaseRefresh, PhaseDevice}, f.phase)
	case "authorize", "token", "refresh", "device", "network", "tls":
		return f.phase == Phase(condition)
	}
	return f.clue[condition]
}

// port reports whether the failure is about this port.
func (f *facts) port(number string) bool {
	if f.in.Evidence.Port != 0 {
		return strconv.Itoa(f.in.Evidence.Port) == number
	}
	text := f.in.Text[:min(len(f.in.Text), 64<<10)]
	for i := strings.Index(text, number); i >= 0; {
		before, after := text[:i], text[i+len(number):]
		if (strings.HasSuffix(before, ":") || strings.HasSuffix(strings.ToLower(before), "port ")) && (after == "" || !isDigit(after[0])) {
			return true
		}
		next := strings.Index(after, number)
		if next < 0 {
			return false
		}
		i += len(number) + next
	}
	return false
}

// ipv6 finds an address of version 6 in the text or the evidence.
func (f *facts) ipv6() bool {
	if ip := net.ParseIP(f.in.Evidence.Host); ip != nil {
		return ip.To4() == nil
	}
	return ipv6Shape().MatchString(f.in.Text[:min(len(f.in.Text), 64<<10)])
}

var ipv6Shape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b[23][0-9a-f]{3}:[0-9a-f]{1,4}:[0-9a-f:]*|\bfe80::`)
})

func hasSuffixes(host string, suffixes ...string) bool {
	return host != "" && slices.ContainsFunc(suffixes, func(s string) bool { return host == s || strings.HasSuffix(host, "."+s) })
}

// The mailbox that is to be opened, and what its protocol needs.

func (f *facts) mailbox() string {
	e := &f.in.Evidence
	return firstOf(e.SharedMailbox, e.Sender, e.User)
}

// signedInAs is the account the token was made for, as far as known.
func (f *facts) signedInAs() string {
	e := &f.in.Evidence
	if e.Claims != nil && e.Claims.User != "" {
		return e.Claims.User
	}
	return e.Account
}

// needs is what the token of a protocol has to carry.
func (f *facts) needs() (scope, role string) {
	switch f.phase {
	case PhaseIMAP:
		return "IMAP.AccessAsUser.All", "IMAP.AccessAsApp"
	case PhasePOP3:
		return "POP.AccessAsUser.All", "POP.AccessAsApp"
	}
	return "SMTP.Send", "SMTP.SendAsApp"
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// now is replaced in tests.
var now = time.Now
