package mailtest

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"mailgrant/internal/pattern"
)

// imapOwn sends commands of our own after the library has signed in: those of
// the round trip, for which the library would need more of the server's words
// than the filter lets through. The library keeps reading and sees nothing.
type imapOwn struct {
	d     *imapDialog
	limit func(running bool) // of one command
	lines *lineQueue         // with their line breaks
	tag   int
	count int // messages in the folder that is open
}

// takeOver begins: from now on every line is ours.
func (d *imapDialog) takeOver(limit func(bool)) *imapOwn {
	o := &imapOwn{d: d, limit: limit, lines: &lineQueue{more: make(chan struct{}, 1)}}
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	d.filter.own = o.lines
	return o
}

// giveBack ends that: the library hears the server again.
func (o *imapOwn) giveBack() {
	o.d.wire.mu.Lock()
	defer o.d.wire.mu.Unlock()
	o.d.filter.own = nil
}

// lineQueue holds lines until they are read. Who puts them in never waits; what
// comes over one connection is bounded by the wire.
type lineQueue struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
}

func (q *lineQueue) put(line string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.lines = append(q.lines, line)
	select {
	case q.more <- struct{}{}:
	default:
	}
}

func (q *lineQueue) take() (line string, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.lines) == 0 {
		return "", false
	}
	line, q.lines = q.lines[0], q.lines[1:]
	return line, true
}

// response is one of the server's, its literals apart.
type response struct {
	text     string
	literals []string
}

var (
	imapLiteralSize = pattern.New(`\{([0-9]{1,7})\}\r?\n$`)
	imapExpunge     = pattern.New(`^\* [0-9]{1,10} (?i:EXPUNGE)$`)
)

// next reads one response, which goes on in the line in which a literal ends.
func (o *imapOwn) next(ctx context.Context) (response, error) {
	var r response
	line, err := o.line(ctx)
	for err == nil {
		m := imapLiteralSize().FindStringSubmatch(line)
		if m == nil {
			r.text += strings.TrimRight(line, "\r\n")
			o.counts(r.text)
			break
		}
		r.text += strings.TrimSuffix(line, m[0])
		size, _ := strconv.Atoi(m[1])
		literal := ""
		for len(literal) <= size && err == nil {
			line, err = o.line(ctx)
			literal += line
		}
		if err == nil {
			r.literals, line = append(r.literals, literal[:size]), literal[size:]
		}
	}
	return r, err
}

func (o *imapOwn) line(ctx context.Context) (string, error) {
	for {
		if line, ok := o.lines.take(); ok {
			return line, nil
		}
		select {
		case <-o.lines.more:
		case <-o.d.client.Closed():
			return "", o.d.broken(errClosed)
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
}

// counts follows how many messages the folder has.
func (o *imapOwn) counts(text string) {
	if m := imapExists().FindStringSubmatch(text); m != nil {
		o.count, _ = strconv.Atoi(m[1])
	}
	if imapExpunge().MatchString(text) {
		o.count--
	}
}

// do sends a command and returns the untagged responses.
func (o *imapOwn) do(command string) ([]response, error) {
	tag, err := o.send(command)
	if err != nil {
		return nil, err
	}
	o.limit(true)
	defer o.limit(false)
	return o.until(tag)
}

func (o *imapOwn) send(command string) (tag string, err error) {
	o.tag++
	tag = "R" + strconv.Itoa(o.tag)
	if err := o.d.wire.send(tag + " " + command); err != nil {
		return "", o.d.broken(err)
	}
	return tag, nil
}

// until reads up to the answer to a command.
func (o *imapOwn) until(tag string) ([]response, error) {
	var all []response
	for {
		r, err := o.next(o.d.wire.ctx)
		if err != nil {
			return nil, err
		}
		rest, answer := strings.CutPrefix(r.text, tag+" ")
		status, _, _ := strings.Cut(strings.ToUpper(rest), " ")
		switch {
		case !answer:
			all = append(all, r)
		case status == "OK":
			return all, nil
		default:
			return nil, o.d.refused(rest)
		}
	}
}

// idleTime is when IDLE is begun anew: whatever comes meanwhile is looked at.
const idleTime = 20 * time.Second

// idle waits for a message more (RFC 2177), for a while or until ctx ends.
func (o *imapOwn) idle(ctx context.Context) error {
	tag, err := o.send("IDLE")
	if err != nil {
		return err
	}
	had := o.count
	waiting, cancel := context.WithTimeoutCause(ctx, idleTime, errIdleLong)
	defer cancel()
	for err == nil && o.count <= had {
		var r response
		r, err = o.next(waiting)
		if rest, answered := strings.CutPrefix(r.text, tag+" "); answered {
			return o.d.refused(rest)
		}
	}
	if err != nil && waiting.Err() == nil {
		return err
	}
	if err := o.d.wire.send("DONE"); err != nil {
		return o.d.broken(err)
	}
	o.limit(true)
	defer o.limit(false)
	if _, err := o.until(tag); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return nil
}

var errIdleLong = errors.New("nothing has come for a while")
