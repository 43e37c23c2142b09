package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"mailgrant/internal/i18n"
)

// command is one of the program's commands, or a group of them.
type command struct {
	use      string // the name and what follows it, as the help shows them
	short    string // what it does, in a line
	takes    count
	run      func(ctx context.Context, args []string) error // nil: a group, which does nothing itself
	flags    *pflag.FlagSet
	parent   *command
	commands []*command
}

// count is how many arguments a command takes, at least and at most.
type count struct{ least, most int }

const many = math.MaxInt

// command makes a command whose text stands under cli.<name>.short.
func (p *program) command(use string, takes count, run func(context.Context, []string) error) *command {
	c := &command{use: use, takes: takes, run: run, flags: pflag.NewFlagSet(use, pflag.ContinueOnError)}
	c.flags.BoolP("help", "h", false, p.texts.Text("cli.flag.help"))
	if key := "cli." + c.name() + ".short"; p.texts.Has(key) {
		c.short = p.texts.Text(key)
	}
	return c
}

// group makes a group of commands whose texts stand under cli.<group>-<name>.short.
func (p *program) group(name string, commands ...*command) *command {
	g := p.command(name, count{}, nil)
	for _, c := range commands {
		c.short = p.texts.Text("cli." + name + "-" + c.name() + ".short")
	}
	g.add(commands...)
	return g
}

func (c *command) add(commands ...*command) {
	for _, sub := range commands {
		sub.parent = c
	}
	c.commands = commands
}

// line is the whole of a command as it is typed.
func (c *command) line() string {
	if c.parent == nil {
		return c.use
	}
	return c.parent.line() + " " + c.use
}

func (c *command) name() string {
	name, _, _ := strings.Cut(c.use, " ")
	return name
}

// execute does what the arguments say. Options may stand before the name of a
// command too.
func (p *program) execute(ctx context.Context, c *command, args []string) error {
	flags := pflag.NewFlagSet(c.use, pflag.ContinueOnError)
	flags.AddFlagSet(c.flags)
	if c.parent != nil {
		flags.AddFlag(p.lang)
	}
	flags.SetInterspersed(c.commands == nil)
	if err := flags.Parse(args); err != nil {
		return flagError(err)
	}
	rest := flags.Args()
	if i := slices.IndexFunc(c.commands, func(sub *command) bool { return sub.name() == flags.Arg(0) }); i >= 0 {
		before := args[:len(args)-len(rest)]
		return p.execute(ctx, c.commands[i], slices.Concat(before, rest[1:]))
	}
	switch help, _ := flags.GetBool("help"); {
	case help:
		_, err := io.WriteString(p.Stdout, p.help(c))
		return err
	case c.commands != nil && len(rest) > 0:
		return usage("cli.error.command", i18n.Args{"command": rest[0]})
	case c.run == nil:
		return usage("cli.error.arguments", i18n.Args{"usage": c.line() + " " + strings.Join(c.names(), "|")})
	case len(rest) < c.takes.least || len(rest) > c.takes.most:
		return usage("cli.error.arguments", i18n.Args{"usage": c.line()})
	}
	return c.run(ctx, rest)
}

func (c *command) names() (names []string) {
	for _, sub := range c.commands {
		names = append(names, sub.name())
	}
	return names
}

// help is what --help shows.
func (p *program) help(c *command) string {
	var b strings.Builder
	heading := func(key string) { fmt.Fprintf(&b, "%s\n", p.texts.Text("cli.help."+key)) }
	if c.short != "" {
		fmt.Fprintf(&b, "%s\n\n", c.short)
	}
	heading("usage")
	if c.commands == nil {
		fmt.Fprintf(&b, "  %s\n", c.line())
	} else {
		fmt.Fprintf(&b, "  %s %s\n\n", c.line(), p.texts.Text("cli.help.command"))
		heading("commands")
		width := 11
		for _, name := range c.names() {
			width = max(width, len(name))
		}
		for _, sub := range slices.SortedFunc(slices.Values(c.commands), func(a, b *command) int { return strings.Compare(a.use, b.use) }) {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, sub.name(), sub.short)
		}
	}
	b.WriteString("\n")
	heading("options")
	fmt.Fprintln(&b, strings.TrimRight(c.flags.FlagUsages(), " \n"))
	if c.commands != nil {
		fmt.Fprintf(&b, "\n%s\n", p.texts.Text("cli.help.more", i18n.Args{"program": c.line()}))
	}
	return b.String()
}
