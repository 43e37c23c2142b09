package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/redact"
	"mailgrant/mailtest"
)

// shown is what --all shows of one mailbox.
type shown struct {
	status int
	json   func() any // nil: the mailbox could not be tried
	line   string     // for people, after whose it is
	why    string     // a sentence more for people
}

// columns are as wide as the longest name and address of several mailboxes.
type columns struct{ name, address int }

func (c *columns) fit(name, address string) {
	c.name, c.address = max(c.name, cells(redact.Visible(name))), max(c.address, cells(address))
}

// line begins with how a mailbox is, and whose it is.
func (c columns) line(mark, name, address, rest string) string {
	return mark + " " + padded(redact.Visible(name), c.name) + "  " + padded(address, c.address) + "  " + rest
}

func padded(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-cells(text)))
}

// cells is how wide a text is on a terminal: letters of East Asia are two wide
// (Unicode, UAX #11: W and F).
func cells(text string) (wide int) {
	for _, r := range text {
		if wide++; r >= 0x1100 && r < 0x1160 || r >= 0x2E80 && r < 0xD7A4 || r >= 0xF900 && r < 0xFB00 || r > 0xFF00 && r < 0xFF61 || r >= 0x20000 {
			wide++
		}
	}
	return wide
}

// all does one thing with every saved mailbox that wanted accepts, some at
// once, and shows each as soon as it is done, not in the order of the names: one
// that is slow, or whose definition cannot be read, holds up none of the others,
// and each line says whose it is. The exit status is the highest, so 2 where a
// definition is wrong, beside the others' lines.
func (p *program) all(ctx context.Context, s selection, args []string,
	wanted func(mailbox.Definition) bool, work func(context.Context, mailbox.Definition) shown,
) error {
	t := tally{p: p, asJSON: s.json}
	definitions, err := p.definitions(s, args, t.wrong)
	if err != nil {
		return err
	}
	var c columns
	var chosen []mailbox.Definition
	for _, d := range definitions {
		c.fit(d.Name, d.Address())
		if wanted(d) {
			chosen = append(chosen, d)
		}
	}
	mailtest.ForEach(ctx, chosen, func(d mailbox.Definition) {
		o, state := work(ctx, d), mailtest.Passed
		if o.status != exitGood {
			state = mailtest.Failed
		}
		o.line = c.line(styleOf(p.Stdout).mark(state), d.Name, d.Address(), o.line)
		t.show(ctx, o)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	p.note("cli.all.summary", i18n.Args{"all": fmt.Sprint(t.good + t.bad), "good": fmt.Sprint(t.good), "bad": fmt.Sprint(t.bad)})
	return exit(t.highest)
}

// definitions reads the saved mailboxes that are selected; wrong is told of those
// that cannot be read.
func (p *program) definitions(s selection, args []string, wrong func(name string, err error)) ([]mailbox.Definition, error) {
	if s.file != "" || len(args) > 0 {
		return nil, usage("cli.error.all-and-name")
	}
	book, err := p.m().Book.All()
	var all []mailbox.Definition
	none := err == nil
	for _, saved := range book {
		if !s.includes(saved.Name, saved.Definition.Address()) {
			continue
		}
		if none = false; saved.Err != nil {
			wrong(saved.Name, p.notRead(saved.Name, saved.Err))
		} else {
			all = append(all, saved.Definition)
		}
	}
	if none {
		err = s.none()
	}
	return all, err
}

// tally shows outcomes one after the other and counts them.
type tally struct {
	p      *program
	asJSON bool

	mu                 sync.Mutex
	good, bad, highest int
}

func (t *tally) show(ctx context.Context, o shown) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil {
		return // cut short: this says nothing about the mailbox
	}
	if t.highest = max(t.highest, o.status); o.status == exitGood {
		t.good++
	} else {
		t.bad++
	}
	if o.why != "" {
		fmt.Fprintln(t.p.Stderr, o.why)
	}
	if o.json == nil {
		t.p.tell(o.line)
		return
	}
	if t.asJSON {
		_ = t.p.printJSON(o.json()) // output remembers what could not be written
	} else {
		fmt.Fprintln(t.p.Stdout, o.line)
	}
}

// wrong tells of a mailbox that could not be tried at all.
func (t *tally) wrong(name string, err error) {
	e := t.p.endingOf(err)
	t.show(context.Background(), shown{status: e.status, line: name + ": " + e.line})
}
