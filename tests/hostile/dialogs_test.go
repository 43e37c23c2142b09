//go:build hostile

package hostile

import (
	"strings"

	"mailgrant/internal/mailbox"
	"mailgrant/mailtest"
)

// dialogs are servers that do what they should, as far as a test asks.
var dialogs = map[mailtest.Protocol]func(*peer){mailtest.IMAP: imap, mailtest.POP3: pop3, mailtest.SMTP: smtp}

func imap(p *peer) {
	for on := p.answer("greeting", "* OK ready\r\n"); on; {
		line, ok := p.line()
		if !ok {
			return
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
			if !strings.Contains(rest, " ") {
				if on = p.answer("sign-in", "+ \r\n"); !on {
					return
				}
				if _, ok := p.line(); !ok {
					return
				}
				on = p.answer("verdict", done)
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
			on = p.say(p.tag + " BAD what\r\n")
		}
	}
}

func (p *peer) imapOffers() string {
	offers := "IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN"
	switch {
	case p.waitsForTLS():
		offers += " STARTTLS"
	case p.mode == atOnce:
		offers += " SASL-IR"
	case p.mode == command:
		offers = "IMAP4rev1"
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
			if on = p.answer("sign-in", "+ \r\n"); !on {
				return
			}
			if _, ok := p.line(); !ok {
				return
			}
			on = p.answer("verdict", "+OK done\r\n")
		case "USER":
			on = p.answer("user", "+OK and?\r\n")
		case "PASS":
			on = p.answer("verdict", "+OK done\r\n")
		case "STAT":
			on = p.answer("mailbox", "+OK 17 4711\r\n")
		case "QUIT":
			on = p.answer("quit", "+OK bye\r\n") && false
		default:
			on = p.say("-ERR what " + rest + "\r\n")
		}
	}
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
			if on = p.answer("sign-in", "334 \r\n"); !on {
				return
			}
			if _, ok := p.line(); !ok {
				return
			}
			on = p.answer("verdict", "235 2.7.0 done\r\n")
		case "MAIL":
			on = p.answer("mailbox", "250 2.1.0 fine\r\n")
		case "RSET":
			on = p.answer("reset", "250 2.0.0 fine\r\n")
		case "QUIT":
			on = p.answer("quit", "221 2.0.0 bye\r\n") && false
		default:
			on = p.say("502 5.5.2 what\r\n")
		}
	}
}

// waitsForTLS reports whether the connection is still to be encrypted.
func (p *peer) waitsForTLS() bool { return p.security == mailbox.SecuritySTARTTLS && !p.secured }

// asked is the name of IMAP's question for what is offered.
func (p *peer) asked() string {
	if p.waitsForTLS() {
		return "capability"
	}
	return "offers"
}
