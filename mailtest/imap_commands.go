package mailtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mailgrant/internal/pattern"
)

// maxResponses is far more than a server has to say before it answers a command.
const maxResponses = 10_000

var errTooManyResponses = fmt.Errorf("%w: more than %d responses before the answer to a command", errProtocol, maxResponses)

// response is one of the server's, its literals apart.
type response struct {
	text     string
	literals []string
}

var (
	imapLiteralSize = pattern.New(`\{([0-9]{1,7})\}\r?\n$`)
	imapExpunge     = pattern.New(`^\* [0-9]{1,10} (?i:EXPUNGE)$`)
)

// do sends one command of our own and returns the untagged responses.
func (d *imapDialog) do(command string) ([]response, error) {
	tag, err := d.send(command)
	if err != nil {
		return nil, err
	}
	var all []response
	for {
		r, err := d.next()
		if err != nil {
			if i := slices.IndexFunc(all, isBye); i >= 0 {
				return nil, d.refused(all[i].text[len("* "):])
			}
			return nil, err
		}
		if strings.HasPrefix(r.text, "* ") {
			if all = append(all, r); len(all) > maxResponses {
				return nil, d.broken(d.wire.fail(errTooManyResponses))
			}
			continue
		}
		got, rest, _ := strings.Cut(r.text, " ")
		status, _, _ := strings.Cut(rest, " ")
		switch {
		case got != tag:
			return nil, d.nonsense("answer to no question: " + r.text)
		case strings.EqualFold(status, "OK"):
			return all, nil
		case strings.EqualFold(status, "NO"), strings.EqualFold(status, "BAD"):
			return nil, d.refused(rest)
		}
		return nil, d.nonsense(r.text)
	}
}

func isBye(r response) bool {
	status, _, _ := imapStatus(r.text)
	return status == "BYE"
}

func (d *imapDialog) send(command string) (tag string, err error) {
	d.tags++
	tag = "A" + strconv.Itoa(d.tags)
	if err := d.wire.send(tag + " " + command); err != nil {
		return "", d.broken(err)
	}
	return tag, nil
}

// next reads one response, which goes on in the line in which a literal ends,
// and follows how many messages the folder has.
func (d *imapDialog) next() (response, error) {
	var r response
	line, err := d.wire.readRaw()
	for err == nil {
		m := imapLiteralSize().FindSubmatch(line)
		if m == nil {
			r.text += strings.TrimRight(string(line), "\r\n")
			d.counts(r.text)
			return r, nil
		}
		r.text += string(line[:len(line)-len(m[0])])
		size, _ := strconv.Atoi(string(m[1]))
		var literal []byte
		for len(literal) <= size && err == nil {
			line, err = d.wire.readRaw()
			literal = append(literal, line...)
		}
		if err == nil {
			r.literals, line = append(r.literals, string(literal[:size])), literal[size:]
		}
	}
	return r, d.broken(err)
}

func (d *imapDialog) counts(text string) {
	if m := imapExists().FindStringSubmatch(text); m != nil {
		d.messages, _ = strconv.Atoi(m[1])
	}
	if imapExpunge().MatchString(text) {
		d.messages--
	}
}
