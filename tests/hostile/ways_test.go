//go:build hostile

package hostile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"mailgrant/mailtest"
)

// outcome is what has to come of a misbehaviour.
type outcome int

const (
	open     outcome = iota // may be overlooked; a failure has one cause
	harmless                // the test succeeds
	refused                 // a failure in this step, perhaps with the server's words alone
	breaks                  // a failure in this step, with a cause that has a name
)

// way is a misbehaviour: what a server does in place of the right answer.
type way struct {
	name  string
	then  outcome
	waits bool                             // until the limit
	stays bool                             // until the client has gone, which first waits for an answer to its goodbye
	tails bool                             // says more at its answer's end: in a list of POP3's, that is no end
	do    func(p *peer, right string) bool // whether the dialog goes on
	early bool                             // the client may notice while it still connects
	ahead bool                             // it answers what was not asked yet: nobody can tell what became of that
	only  []string                         // steps; nil: all
}

// ways are the misbehaviours in a dialog.
var ways = []way{
	// The connection.
	{name: "silence", then: breaks, waits: true, do: func(p *peer, _ string) bool { return p.listen() }},
	{name: "hangs up", then: breaks, do: func(*peer, string) bool { return false }},
	{name: "resets", then: breaks, early: true, do: func(p *peer, _ string) bool { return p.reset() }},
	{name: "hangs up in mid-line", then: breaks, do: func(p *peer, right string) bool { return p.say(right[:len(right)/2]) && false }},
	{name: "resets in mid-line", then: breaks, early: true, do: func(p *peer, right string) bool { p.say(right[:1]); return p.reset() }},
	{name: "half closes", then: breaks, do: halfClose},
	{name: "answers and hangs up", then: open, do: func(p *peer, right string) bool { return p.say(right) && false }},
	{name: "answers late", then: harmless, do: func(p *peer, right string) bool { time.Sleep(200 * time.Millisecond); return p.say(right) }},
	{name: "answers byte by byte", then: harmless, do: byteByByte},
	{name: "drips for ever", then: breaks, waits: true, do: drip},
	{name: "stops in mid-line", then: breaks, waits: true, do: func(p *peer, right string) bool { p.say(right[:1]); return p.listen() }},
	{name: "begins and never ends", then: open, waits: true, do: func(p *peer, _ string) bool { p.say(p.beginning()); return p.listen() }},

	// The size.
	{name: "endless line", then: breaks, do: func(p *peer, _ string) bool { return p.forEver(strings.Repeat("x", 16<<10)) }},
	{name: "endless lines", then: open, ahead: true, do: func(p *peer, _ string) bool { return p.forEver(strings.Repeat(p.more(), 200)) }},
	{name: "endless questions", then: open, do: func(p *peer, _ string) bool { return p.forEver(strings.Repeat(p.question("eA=="), 200)) }},
	{name: "endless empty lines", then: open, do: func(p *peer, _ string) bool { return p.forEver(strings.Repeat("\r\n", 4096)) }},
	{name: "line of 60 KB", then: open, tails: true, do: func(p *peer, right string) bool { return p.say(into(right, strings.Repeat(" word", 12<<10))) }},
	{name: "line of 70 KB", then: breaks, do: func(p *peer, right string) bool { return p.say(into(right, strings.Repeat("x", 70<<10))) && p.listen() }},
	{name: "question of 60 KB", then: open, do: func(p *peer, _ string) bool { p.say(p.question(strings.Repeat("eHh4", 15<<10))); return p.listen() }, waits: true},
	{name: "nested", then: open, do: func(p *peer, right string) bool {
		return p.say("* LIST " + strings.Repeat("(", 50<<10) + "\r\n" + right)
	}},
	{name: "a literal of 4 GB", then: open, do: func(p *peer, right string) bool { return p.say("* X {4294967295}\r\n" + right) }},
	{name: "numbers without end", then: open, do: func(p *peer, right string) bool {
		return p.say(strings.NewReplacer("17", strings.Repeat("9", 400), "4711", "-"+strings.Repeat("9", 40)).Replace(right))
	}},

	// The bytes.
	{name: "garbage", then: breaks, stays: true, do: says("\x00\xff\xfe\x80garbage\x1b[2J\r\n")},
	{name: "an empty line", then: breaks, stays: true, do: says("\r\n")},
	{name: "blanks", then: breaks, stays: true, do: says(" \t  \r\n")},
	{name: "a web server", then: breaks, do: says("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")},
	{name: "a shell", then: breaks, stays: true, do: says("SSH-2.0-OpenSSH_9.6\r\n")},
	{name: "a TLS alert", then: breaks, stays: true, do: says("\x15\x03\x01\x00\x02\x02\x46\r\n")},
	{name: "another protocol", then: breaks, stays: true, do: func(p *peer, _ string) bool { return p.say(p.foreign()) && p.listen() }},
	{name: "a NUL", then: open, tails: true, do: func(p *peer, right string) bool { return p.say(into(right, "a\x00b")) }},
	{name: "bare line feeds", then: open, do: func(p *peer, right string) bool { return p.say(strings.ReplaceAll(right, "\r\n", "\n")) }},
	{name: "bare carriage returns", then: open, waits: true, do: func(p *peer, right string) bool { p.say(strings.ReplaceAll(right, "\r\n", "\r")); return p.listen() }},
	{name: "a carriage return inside", then: open, tails: true, do: func(p *peer, right string) bool { return p.say(into(right, "a\rb")) }},
	{name: "no UTF-8", then: open, tails: true, do: func(p *peer, right string) bool { return p.say(into(right, "\xc3\x28\xf0\x9f\xff")) }},
	{name: "control and bidirectional", then: open, tails: true, do: func(p *peer, right string) bool {
		return p.say(into(right, "\x1b]0;x\a\x1b[2J\u202egnp\u2066\u200b\x7f"))
	}},
	{name: "refuses in control characters", then: refused, do: func(p *peer, _ string) bool { return p.say(p.no("\x1b[2J\u202egnp\u2066\x7f")) }},

	// The protocol.
	{name: "answers twice", then: open, ahead: true, do: func(p *peer, right string) bool { return p.say(right + right) }},
	{name: "answers in advance", then: open, ahead: true, do: inAdvance},
	{name: "says yes and no", then: open, ahead: true, do: func(p *peer, right string) bool { return p.say(right + p.no("no")) }},
	{name: "says no and yes", then: refused, do: func(p *peer, right string) bool { return p.say(p.no("no") + right) }},
	{name: "a wrong tag or code", then: breaks, stays: true, do: func(p *peer, _ string) bool { return p.say(p.wrong()) && p.listen() }},
	{name: "an unknown word", then: breaks, stays: true, do: func(p *peer, _ string) bool { return p.say(p.unknown()) && p.listen() }},
	{name: "lower case", then: open, do: func(p *peer, right string) bool {
		return p.say(strings.NewReplacer(" OK", " ok", "+OK", "+ok", "CAPABILITY", "capability", "EXISTS", "exists").Replace(right))
	}},
	{name: "blanks between", then: open, do: func(p *peer, right string) bool { return p.say(strings.ReplaceAll(right, " ", " \t  ")) }},
	{name: "news that hang a library", then: open, do: func(p *peer, right string) bool {
		return p.say("* CAPABILITY (\r\n* OK [CAPABILITY (x] hi\r\n* 1 FETCH (\r\n" + right)
	}},
	{name: "a code that hangs a library", then: open, do: func(p *peer, right string) bool {
		return p.say(strings.Replace(right, " OK ", " OK [CAPABILITY (x] ", 1))
	}},
	{name: "yes with an error in it", then: open, do: func(p *peer, right string) bool {
		return p.say(strings.Replace(right, " OK ", ` OK [Error="UserDisabled" AuthResult=27] `, 1))
	}},

	// A refusal.
	{name: "refuses", then: refused, do: func(p *peer, _ string) bool { return p.say(p.no("no")) }},
	{name: "refuses without a word", then: refused, do: func(p *peer, _ string) bool { return p.say(strings.TrimRight(p.no(""), " \r\n") + "\r\n") }},
	{name: "refuses for now", then: refused, do: func(p *peer, _ string) bool { return p.say(p.busy()) }},
	{name: "refuses and hangs up", then: refused, do: func(p *peer, _ string) bool { return p.say(p.no("closing")) && false }},
	{name: "shuts down", then: refused, do: func(p *peer, _ string) bool { return p.say(p.bye()) && false }},
	{name: "sends elsewhere", then: refused, do: func(p *peer, _ string) bool {
		return p.say(p.no("[REFERRAL imap://elsewhere.example/] go to https://elsewhere.example/"))
	}},
	{name: "repeats the secret", then: refused, do: func(p *peer, _ string) bool { return p.say(p.no(repeated())) }},
	{name: "asks and repeats the secret", then: open, do: func(p *peer, _ string) bool { return p.say(p.question(repeatedInBase64()) + p.no(repeated())) }},
	{name: "agrees and repeats the secret", then: open, tails: true, do: func(p *peer, right string) bool { return p.say(into(right, repeated())) }},

	// What it offers.
	{name: "offers nothing", then: open, only: offering, do: func(p *peer, _ string) bool { return p.say(p.offers("")) }},
	{name: "offers no sign-in", then: open, only: offering, do: func(p *peer, _ string) bool { return p.say(p.offers("X-NOTHING")) }},
	{name: "offers 10,000 things", then: open, only: offering, do: func(p *peer, _ string) bool {
		return p.say(p.offers(strings.TrimSpace(strings.Repeat("AUTH=X ", 8000))))
	}},
	{name: "offers control characters", then: open, only: offering, do: func(p *peer, _ string) bool { return p.say(p.offers("AUTH=\u202e\x1b[2J SASL-IR\x00")) }},
	{name: "offers what nobody knows", then: open, only: offering, do: func(p *peer, _ string) bool { return p.say(p.offers("AUTH=GSSAPI AUTH=NTLM LOGINDISABLED")) }},
	{name: "injects before the handshake", then: breaks, only: []string{"starttls"}, do: func(p *peer, right string) bool {
		return p.say(right+p.more()) && p.secureWith(honest())
	}},
}

// offering are the steps at which a server says what it can.
var offering = []string{"capability", "offers", "can"}

// waitsAt reports whether a cell lasts until the limit.
func (w way) waitsAt(s step) bool {
	return w.waits || w.tails && s.protocol == mailtest.POP3 && slices.Contains([]string{"offers", "list", "look"}, s.name)
}

// fitsIn reports whether a cell exists.
func (w way) fitsIn(s step) bool { return w.only == nil || slices.Contains(w.only, s.name) }

func says(text string) func(*peer, string) bool {
	return func(p *peer, _ string) bool { return p.say(text) && p.listen() }
}

// into puts a text before the last line break.
func into(right, text string) string { return strings.TrimRight(right, "\r\n") + " " + text + "\r\n" }

func (p *peer) reset() bool {
	_ = p.raw.SetLinger(0)
	_ = p.raw.Close()
	return false
}

func halfClose(p *peer, _ string) bool {
	_ = p.Conn.(interface{ CloseWrite() error }).CloseWrite()
	_ = p.raw.CloseWrite()
	return p.listen()
}

func byteByByte(p *peer, right string) bool {
	for _, b := range []byte(right) {
		if !p.say(string(rune(b))) {
			return false
		}
	}
	return true
}

func drip(p *peer, _ string) bool {
	for p.say("2") {
		time.Sleep(50 * time.Millisecond)
	}
	return false
}

func (p *peer) forEver(text string) bool {
	for p.say(text) {
		continue
	}
	return false
}

// inAdvance answers this and everything that may still be asked.
func inAdvance(p *peer, right string) bool {
	var all strings.Builder
	all.WriteString(right)
	for n := range 9 {
		switch p.protocol {
		case mailtest.IMAP:
			fmt.Fprintf(&all, "T%d OK done\r\n", n+1)
		case mailtest.POP3:
			all.WriteString("+OK 17 4711\r\n")
		case mailtest.SMTP:
			all.WriteString("250 fine\r\n")
		}
	}
	return p.say(all.String())
}

// by picks what is said in the protocol.
func (p *peer) by(imap, pop3, smtp string) string {
	return map[mailtest.Protocol]string{mailtest.IMAP: imap, mailtest.POP3: pop3, mailtest.SMTP: smtp}[p.protocol]
}

// no is a refusal.
func (p *peer) no(why string) string {
	if p.now == "greeting" {
		return p.by("* BYE "+why, "-ERR "+why, "554 5.3.2 "+why) + "\r\n"
	}
	return p.by(p.tag+" NO "+why, "-ERR "+why, "535 5.7.8 "+why) + "\r\n"
}

func (p *peer) busy() string {
	if p.now == "greeting" {
		return p.by("* BYE [UNAVAILABLE] busy", "-ERR [SYS/TEMP] busy", "421 4.3.2 busy") + "\r\n"
	}
	return p.by(p.tag+" NO [UNAVAILABLE] busy", "-ERR [SYS/TEMP] busy", "454 4.7.0 busy") + "\r\n"
}

func (p *peer) bye() string {
	return p.by("* BYE shutting down", "-ERR shutting down", "421 4.3.2 shutting down") + "\r\n"
}

func (p *peer) more() string      { return p.by("* OK more\r\n", "+OK more\r\n", "250-more\r\n") }
func (p *peer) wrong() string     { return p.by("T99 OK done\r\n", "*OK done\r\n", "999 done\r\n") }
func (p *peer) unknown() string   { return p.by(p.tag+" MAYBE\r\n", "+MAYBE\r\n", "25 maybe\r\n") }
func (p *peer) foreign() string   { return p.by("220 ready\r\n", "* OK ready\r\n", "+OK ready\r\n") }
func (p *peer) beginning() string { return p.by("* OK wait\r\n", "+OK", "250-wait\r\n") }

func (p *peer) question(text string) string {
	return p.by("+ "+text, "+ "+text, "334 "+text) + "\r\n"
}

// offers is a list of what the server can, as each protocol writes it.
func (p *peer) offers(list string) string {
	switch p.protocol {
	case mailtest.IMAP:
		return "* CAPABILITY " + list + "\r\n" + p.tag + " OK done\r\n"
	case mailtest.POP3:
		return "+OK\r\nSASL " + strings.ReplaceAll(list, "AUTH=", "") + "\r\n.\r\n"
	}
	return "250-localhost\r\n250 AUTH " + strings.ReplaceAll(list, "AUTH=", "") + "\r\n"
}
