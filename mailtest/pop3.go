package mailtest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

var _ = checking(POP3, func(s surroundings) Check { return &pop3Dialog{surroundings: s} })

// pop3Dialog is POP3 (RFC 1939, 2449, 2595, 5034). It never sends DELE, RETR
// or TOP.
type pop3Dialog struct {
	surroundings
	unheard  bool // the mechanism was refused before anything was said with it
	oneByOne bool // the server has told what it can, and PIPELINING is not among it
	left     bool // QUIT is on its way
}

func (d *pop3Dialog) greet() error {
	text, err := d.reply()
	if err != nil {
		return err
	}
	d.fact(FactGreeting, d.wire.log.mask(text))
	return nil
}

// reply reads "+OK text" or "-ERR text".
func (d *pop3Dialog) reply() (string, error) {
	line, err := d.wire.readLine()
	if err != nil {
		return "", d.broken(err)
	}
	word, text, _ := strings.Cut(line, " ")
	switch strings.ToUpper(word) {
	case "+OK":
		return text, nil
	case "-ERR":
		return "", d.refused(line)
	}
	return "", d.nonsense(line)
}

func (d *pop3Dialog) command(line string) error {
	_, err := d.ask(line)
	return err
}

func (d *pop3Dialog) ask(line string) (string, error) {
	if err := d.wire.send(line); err != nil {
		return "", d.broken(err)
	}
	return d.reply()
}

// listing sends a command with an answer of several lines.
func (d *pop3Dialog) listing(command string) ([]string, error) {
	if err := d.command(command); err != nil {
		return nil, err
	}
	var lines []string
	for {
		line, err := d.wire.readLine()
		switch {
		case err != nil:
			return nil, d.broken(err)
		case line == ".":
			return lines, nil
		}
		lines = append(lines, strings.TrimPrefix(line, "."))
	}
}

func (d *pop3Dialog) startTLS() error {
	err := d.command("STLS")
	if isRefusal(err) {
		return fmt.Errorf("%w: %w", errNoSTARTTLS, err)
	}
	return err
}

// offers asks for the capabilities where something depends on them: which
// mechanism to take for a password, and why a server does not take a token in
// any. A server that does not know CAPA does not tell; everything else about
// it is fine.
func (d *pop3Dialog) offers() ([]string, bool, error) {
	if d.tokens && !d.unheard {
		return nil, false, nil
	}
	capabilities, err := d.listing("CAPA")
	switch {
	case isRefusal(err):
		return nil, false, nil
	case err != nil:
		return nil, false, err
	}
	var mechanisms []string
	told := false
	d.oneByOne = true
	for _, line := range capabilities {
		switch words := strings.Fields(strings.ToUpper(line)); {
		case len(words) == 0:
		case words[0] == "SASL":
			told = true
			mechanisms = append(mechanisms, words[1:]...)
		case words[0] == "USER":
			mechanisms = append(mechanisms, loginCommand)
		case words[0] == "PIPELINING":
			d.oneByOne = false
		}
	}
	d.fact(FactCapabilities, d.shownWords(capabilities))
	return d.shownWords(mechanisms), told, nil
}

// password prefers SASL; USER and PASS are tried even where CAPA is silent
// about them, as old servers are.
func (d *pop3Dialog) password(offered []string) (string, bool) {
	if slices.Contains(offered, mechPlain) {
		return mechPlain, true
	}
	return loginCommand, true
}

func (d *pop3Dialog) signIn(mechanism string, id identity) error {
	if mechanism == loginCommand {
		if err := d.command("USER " + id.user); err != nil {
			return err
		}
		return d.command("PASS " + id.secret)
	}
	return d.authenticate(newExchange(mechanism, id))
}

// authenticate sends AUTH and the answers in lines of their own: a token does
// not fit a POP3 command line, and Exchange accepts it in no other way
// (Microsoft, "Authenticate an IMAP, POP or SMTP connection using OAuth").
func (d *pop3Dialog) authenticate(x *exchange) error {
	line := "AUTH " + x.mechanism
	for {
		if err := d.wire.send(line); err != nil {
			return d.broken(err)
		}
		answer, err := d.wire.readLine()
		if err != nil {
			return d.broken(err)
		}
		word, rest, _ := strings.Cut(answer, " ")
		switch strings.ToUpper(word) {
		case "+OK":
			return nil
		case "-ERR":
			if d.unheard = x.next == 0; d.unheard {
				return fmt.Errorf("%w: %w", errUnheard, d.refused(answer))
			}
			if x.explained != "" {
				answer += "\n" + x.explained
			}
			return d.refused(answer)
		case "+":
		default:
			return d.nonsense(answer)
		}
		challenge, err := base64.StdEncoding.DecodeString(rest)
		if err != nil {
			challenge = nil // a text where nothing is asked; the answer is the same
		}
		reply, err := x.Next(challenge)
		if err != nil {
			_ = d.command("*") // takes it back (RFC 5034, section 4); the answer is a refusal
			return err
		}
		line = base64.StdEncoding.EncodeToString(reply)
	}
}

// look counts the messages and takes its leave in the same breath.
func (d *pop3Dialog) look() error {
	commands := []string{"STAT", "QUIT"}
	if d.oneByOne {
		commands = commands[:1]
	}
	if err := d.wire.send(commands...); err != nil {
		return d.broken(err)
	}
	d.left = !d.oneByOne
	messages, octets, err := d.counted()
	if err == nil {
		d.fact(FactMessages, messages)
		d.fact(FactOctets, octets)
	}
	return err
}

// counted reads the answer to STAT.
func (d *pop3Dialog) counted() (messages int, octets int64, err error) {
	text, err := d.reply()
	if err != nil {
		return 0, 0, err
	}
	if words := strings.Fields(text); len(words) >= 2 {
		messages, err1 := strconv.Atoi(words[0])
		octets, err2 := strconv.ParseInt(words[1], 10, 64)
		if err1 == nil && err2 == nil && messages >= 0 && octets >= 0 {
			return messages, octets, nil
		}
	}
	return 0, 0, d.nonsense("+OK " + text)
}

func (d *pop3Dialog) quit() bool {
	if !d.left && d.wire.send("QUIT") != nil {
		return false
	}
	_, err := d.reply()
	return err == nil
}
