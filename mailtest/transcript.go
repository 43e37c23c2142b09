package mailtest

import (
	"strings"
	"sync"

	"mailgrant/internal/pattern"
	"mailgrant/internal/redact"
)

const (
	maxTranscript = 200 // lines kept of one step
	masked        = "[redacted]"
)

// transcript keeps the lines of a connection. What may hold a secret is masked
// before it is kept, so that no later reader has to think of it.
type transcript struct {
	mu     sync.Mutex
	lines  []string
	secret redact.Known // what is sent, beside the secrets of the run
}

// hide adds values that must never be kept, in the forms in which a server
// might say them back.
func (t *transcript) hide(values ...string) {
	t.secret.Add(values...)
}

// mask makes a text from the server fit to be kept.
func (t *transcript) mask(s string) string {
	s = t.secret.Mask(s)
	if !offer().MatchString(s) {
		return redact.Text(s)
	}
	words := strings.Split(s, " ")
	for i, w := range words {
		words[i] = redact.Text(w)
	}
	return strings.Join(words, " ")
}

// offer is a line in which a server lists what it can. Read as one text,
// "AUTH LOGIN PLAIN XOAUTH2" would look like a sign-in.
var offer = pattern.New(`(?i)^(?:(?:250[ -])?AUTH[ =]|\S+ OK \[CAPABILITY |\* CAPABILITY |SASL )[A-Z0-9+=,\[\] -]*$`)

func (t *transcript) received(line string) { t.add("S: ", line) }

func (t *transcript) sent(line string) { t.add("C: ", maskCommand(line)) }

func (t *transcript) add(who, line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.lines) >= maxTranscript {
		return
	}
	t.lines = append(t.lines, who+strings.ReplaceAll(t.mask(line), "\n", `\n`))
}

// takeInto makes a fact of the lines since the last call, if there are some.
func (t *transcript) takeInto(facts map[string]any) {
	if lines := t.take(); len(lines) > 0 {
		facts[FactTranscript] = lines
	}
}

func (t *transcript) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines
	t.lines = nil
	return lines
}

// harmless are the commands that carry no secret, with an IMAP tag or without.
var harmless = pattern.New(`(?i)^(?:[A-Z]+[0-9]+ )?(?:CAPABILITY|EXAMINE|LOGOUT|NOOP|STARTTLS|EHLO|HELO|MAIL FROM|RSET|QUIT|CAPA|STLS|STAT|USER)\b`)

// signIn are the commands that do, or announce that a secret follows; the
// first group may be shown.
var signIn = pattern.New(`(?i)^((?:[A-Z]+[0-9]+ )?(?:(?:AUTH|AUTHENTICATE) [A-Z0-9-]+|PASS|LOGIN))(.*)$`)

// maskCommand shows only what is known to be harmless: everything else the
// client sends is part of a sign-in.
func maskCommand(line string) string {
	if harmless().MatchString(line) {
		return line
	}
	if m := signIn().FindStringSubmatch(line); m != nil {
		if m[2] == "" {
			return m[1]
		}
		return m[1] + " " + masked
	}
	return masked
}
