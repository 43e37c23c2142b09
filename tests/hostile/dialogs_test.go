//go:build hostile

package hostile

import (
	"fmt"
	"strings"
	"sync"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// dialogs are servers that do what they should, as far as a test or a round
// trip asks.
var dialogs = map[mailtest.Protocol]func(*peer){mailtest.IMAP: imap, mailtest.POP3: pop3, mailtest.SMTP: smtp}

// letters is what a round trip sends and finds again.
type letters struct {
	mu      sync.Mutex
	header  string // of the letter; "": nobody has taken it
	removed bool
}

func (l *letters) take(header string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.header = header
}

func (l *letters) remove() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removed = true
}

// lies is the header of a letter that is in the inbox.
func (l *letters) lies() (header string, there bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.header, l.header != "" && !l.removed
}

func imap(p *peer) {
	for on := p.answer("greeting", "* OK ready\r\n"); on; {
		line, ok := p.line()
		if !ok {
			return
		}
		if line == "DONE" { // its tag is that of IDLE
			on = p.answer("done", p.tag+" OK done\r\n")
			continue
		}
		var verb string
		p.tag, verb, _ = strings.Cut(line, " ")
		verb, rest, _ := strings.Cut(verb, " ")
		done := p.tag + " OK done\r\n"
		switch verb {
		case "CAPABILITY":
			on = p.answer(p.asked(), "* CAPABILITY "+p.imapOffers()+"\r\n"+done)
		case "STARTTLS":
			on = p.answer("starttls", done) && p.secure()
		case "AUTHENTICATE":
			p.signedIn = true
			if !strings.Contains(rest, " ") {
				on = p.inTwo("+ \r\n", done)
				continue
			}
			on = p.answer("sign-in", done)
		case "LOGIN":
			on = p.answer("sign-in", done)
		case "EXAMINE":
			on = p.answer("mailbox", "* 17 EXISTS\r\n"+p.tag+" OK [READ-ONLY] done\r\n")
		case "LOGOUT":
			on = p.answer("quit", "* BYE bye\r\n"+done) && false
		default:
			on = p.imapTrip(verb, rest, done)
		}
	}
}

// imapTrip is what only a round trip asks. The letter shows once the client has
// asked for news, as the last of 18 messages.
func (p *peer) imapTrip(verb, rest, done string) bool {
	count := "* 17 EXISTS\r\n"
	header, there := p.letters.lies()
	if there {
		count = "* 18 EXISTS\r\n"
	}
	switch verb {
	case "SELECT":
		if rest == "Sent" {
			return p.answer("sent", "* 0 EXISTS\r\n"+done)
		}
		p.told = there
		return p.answer("select", count+done)
	case "FETCH":
		found := "* 17 FETCH (UID 4711 BODY[HEADER.FIELDS (MESSAGE-ID)] {18}\r\nMessage-ID: <x>\r\n)\r\n"
		if p.told && there {
			found += fmt.Sprintf("* 18 FETCH (UID 4712 BODY[HEADER.FIELDS (MESSAGE-ID)] {%d}\r\n%s)\r\n", len(header), header)
		}
		return p.answer("look", found+done)
	case "IDLE":
		p.told = there
		return p.answer("idle", "+ idling\r\n"+count)
	case "NOOP":
		p.told = there
		return p.answer("news", count+done)
	case "LIST":
		return p.answer("folders", `* LIST (\HasNoChildren) "/" INBOX`+"\r\n"+`* LIST (\Sent) "/" Sent`+"\r\n"+done)
	case "UID":
		switch verb, _, _ := strings.Cut(rest, " "); verb {
		case "STORE":
			return p.answer("mark", done)
		case "SEARCH":
			return p.answer("marked", "* SEARCH 4712\r\n"+done)
		}
		fallthrough // UID EXPUNGE
	case "EXPUNGE":
		p.letters.remove()
		return p.answer("remove", "* 18 EXPUNGE\r\n"+done)
	}
	return p.say(p.tag + " BAD what\r\n")
}

func (p *peer) imapOffers() string {
	offers := "IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN"
	switch {
	case p.waitsForTLS():
		offers += " STARTTLS"
	case p.mode == command, p.mode == bare && p.signedIn:
		offers = "IMAP4rev1"
	case p.signedIn:
		offers = "IMAP4rev1 IDLE UIDPLUS"
	case p.mode == atOnce:
		offers += " SASL-IR"
	}
	return offers
}

func pop3(p *peer) {
	for on := p.answer("greeting", "+OK ready\r\n"); on; {
		line, ok := p.line()
		if !ok {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "CAPA":
			sasl := "SASL XOAUTH2 PLAIN"
			if p.mode == command {
				sasl = "USER"
			}
			on = p.answer("offers", "+OK\r\n"+sasl+"\r\nPIPELINING\r\n.\r\n")
		case "STLS":
			on = p.answer("starttls", "+OK go ahead\r\n") && p.secure()
		case "AUTH":
			on = p.inTwo("+ \r\n", "+OK done\r\n")
		case "USER":
			on = p.answer("user", "+OK and?\r\n")
		case "PASS":
			on = p.answer("verdict", "+OK done\r\n")
		case "STAT":
			on = p.answer("mailbox", "+OK 17 4711\r\n")
		case "QUIT":
			if p.deleted {
				p.letters.remove()
			}
			on = p.answer("quit", "+OK bye\r\n") && false
		default:
			on = p.pop3Trip(verb, rest)
		}
	}
}

// pop3Trip is what only a round trip asks.
func (p *peer) pop3Trip(verb, rest string) bool {
	header, there := p.letters.lies()
	list := "+OK\r\n16 old\r\n"
	if there {
		list += "17 new\r\n"
	}
	switch verb {
	case "UIDL":
		return p.answer("list", list+".\r\n")
	case "TOP":
		return p.answer("look", "+OK\r\n"+header+".\r\n")
	case "DELE":
		p.deleted = true
		return p.answer("mark", "+OK\r\n")
	}
	return p.say("-ERR what " + rest + "\r\n")
}

func smtp(p *peer) {
	for on := p.answer("greeting", "220 ready\r\n"); on; {
		line, ok := p.line()
		if !ok {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "EHLO":
			if p.waitsForTLS() {
				on = p.answer("capability", "250-localhost\r\n250 STARTTLS\r\n")
				continue
			}
			on = p.answer("offers", "250-localhost\r\n250-PIPELINING\r\n250 AUTH XOAUTH2 PLAIN\r\n")
		case "STARTTLS":
			on = p.answer("starttls", "220 go ahead\r\n") && p.secure()
		case "AUTH":
			if strings.Contains(rest, " ") {
				on = p.answer("sign-in", "235 2.7.0 done\r\n")
				continue
			}
			on = p.inTwo("334 \r\n", "235 2.7.0 done\r\n")
		case "MAIL":
			on = p.answer("mailbox", "250 2.1.0 fine\r\n")
		case "RCPT":
			on = p.answer("recipient", "250 2.1.5 fine\r\n")
		case "DATA":
			on = p.answer("data", "354 go on\r\n") && p.takesText()
		case "RSET":
			on = p.answer("reset", "250 2.0.0 fine\r\n")
		case "QUIT":
			on = p.answer("quit", "221 2.0.0 bye\r\n") && false
		default:
			on = p.say("502 5.5.2 what\r\n")
		}
	}
}

// takesText takes the letter, unless it is about to refuse it.
func (p *peer) takesText() bool {
	var header []string
	for whole := false; ; {
		line, ok := p.line()
		switch {
		case !ok:
			return false
		case line == ".":
			if p.step != "text" || p.way.then != refused {
				p.letters.take(strings.Join(header, "\r\n") + "\r\n\r\n")
			}
			return p.answer("text", "250 2.0.0 taken\r\n")
		case line == "":
			whole = true
		case !whole:
			header = append(header, line)
		}
	}
}

// inTwo answers a sign-in whose credentials come in a line of their own.
func (p *peer) inTwo(question, verdict string) bool {
	on := p.answer("sign-in", question)
	if !on || p.step == "sign-in" && p.way.then == refused { // then the next line is a command
		return on
	}
	_, ok := p.line()
	return ok && p.answer("verdict", verdict)
}

// waitsForTLS reports whether the connection is still to be encrypted.
func (p *peer) waitsForTLS() bool { return p.security == mailbox.SecuritySTARTTLS && !p.secured }

// asked is the name of IMAP's question for what is offered.
func (p *peer) asked() string {
	switch {
	case p.waitsForTLS():
		return "capability"
	case p.signedIn:
		return "can"
	}
	return "offers"
}
