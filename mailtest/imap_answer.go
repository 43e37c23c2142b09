package mailtest

import (
	"strconv"
	"strings"

	"mailgrant/internal/pattern"
)

// response is one of the server's, its literals apart.
type response struct {
	text     string
	literals []string
}

// tag is that of the next command.
func (d *imapDialog) tag() string {
	d.tags++
	return "T" + strconv.Itoa(d.tags)
}

// command sends a command and reads up to its answer.
func (d *imapDialog) command(tag, command string) (untagged []response, done string, err error) {
	if err := d.wire.send(tag + " " + command); err != nil {
		return nil, "", d.broken(err)
	}
	return d.answer(tag)
}

// answer reads up to the answer to a command, which it returns without its tag.
func (d *imapDialog) answer(tag string) (untagged []response, done string, err error) {
	untagged, done, err = d.hear(tag)
	if err == nil && done[0] == '+' {
		return nil, "", d.nonsense(done)
	}
	return untagged, done, err
}

// hear is answer where the server may ask for more first: then done begins with
// a plus sign.
func (d *imapDialog) hear(tag string) (untagged []response, done string, err error) {
	bye := ""
	for {
		r, err := d.next()
		first, rest, _ := strings.Cut(r.text, " ")
		status, _, _ := strings.Cut(strings.ToUpper(rest), " ")
		switch {
		case err != nil && bye != "":
			return nil, "", d.refused(bye)
		case err != nil:
			return nil, "", err
		case first == "*":
			untagged = append(untagged, r)
			if status == "BYE" {
				bye = rest
			}
		case first == "+":
			return untagged, r.text, nil
		case first == tag && status == "OK":
			return untagged, rest, nil
		case first == tag && (status == "NO" || status == "BAD"):
			return nil, "", d.refused(rest)
		default:
			return nil, "", d.nonsense(r.text)
		}
	}
}

var (
	imapLiteral = pattern.New(`\{([0-9]{1,7})\}\r?\n$`)
	imapExists  = pattern.New(`^\* ([0-9]{1,9}) (?i:EXISTS)$`)
	imapExpunge = pattern.New(`^\* [0-9]{1,10} (?i:EXPUNGE)$`)
)

// next reads one response and follows how many messages the folder has.
func (d *imapDialog) next() (response, error) {
	var r response
	line, err := d.wire.readRaw()
	for size := imapLiteral().FindSubmatch(line); size != nil && err == nil; size = imapLiteral().FindSubmatch(line) {
		r.text += string(line[:len(line)-len(size[0])])
		length, _ := strconv.Atoi(string(size[1]))
		var literal []byte
		for len(literal) <= length && err == nil { // and what follows it
			line, err = d.wire.readRaw()
			literal = append(literal, line...)
		}
		if err == nil {
			r.literals, line = append(r.literals, string(literal[:length])), literal[length:]
		}
	}
	if err != nil {
		return r, d.broken(err)
	}
	r.text += strings.TrimRight(string(line), " \r\n")
	if strings.ContainsAny(r.text, "\r\x00") { // neither is a TEXT-CHAR (RFC 3501, section 9)
		return r, d.nonsense(r.text)
	}
	if m := imapExists().FindStringSubmatch(r.text); m != nil {
		d.messages, _ = strconv.Atoi(m[1])
	}
	if imapExpunge().MatchString(r.text) {
		d.messages--
	}
	return r, nil
}
