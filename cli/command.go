package cli

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/spf13/pflag"

	"mailgrant/internal/i18n"
	"mailgrant/internal/typo"
)

// command is one of the tree: the program, a group, or what does something. Its
// texts stand under cli.<name>, or cli.<group>-<name>.
type command struct {
	name, words string // how it is called, and what may follow
	least, most int    // of arguments
	run         func(context.Context, []string) error
	flags       *pflag.FlagSet
	about       func() string // in place of its short text
	parent      *command
	subs        []*command // by name
}

// command makes one from its name and the words for its arguments. A group takes
// one, which is the name of another; it does nothing itself.
func (p *program) command(use string, least, most int, run func(context.Context, []string) error, subs ...*command) *command {
	name, words, _ := strings.Cut(use, " ")
	c := &command{name: name, words: words, least: least, most: most, run: run, subs: subs, flags: pflag.NewFlagSet(name, pflag.ContinueOnError)}
	sort.Slice(subs, func(i, j int) bool { return subs[i].name < subs[j].name })
	for _, sub := range subs {
		sub.parent = c
	}
	c.flags.BoolP("help", "h", false, p.texts.Text("cli.flag.help"))
	// What is no language is refused; language has read it before.
	c.flags.Func("lang", p.texts.Text("cli.flag.lang"), func(value string) error { return choice("--lang", value, i18n.Languages) })
	c.flags.Lookup("lang").Hidden = true // the program's help tells it for all
	return c
}

// path is the command with those above it, as it is typed.
func (c *command) path() string {
	if c.parent == nil {
		return c.name
	}
	return c.parent.path() + " " + c.name
}

// find returns the command that arguments are for, and what is left for it:
// options stand before and behind its name.
func (c *command) find(args []string) (*command, []string) {
	if at := c.firstWord(args); at >= 0 {
		for _, sub := range c.subs {
			if sub.name == args[at] {
				return sub.find(slices.Concat(args[:at], args[at+1:]))
			}
		}
	}
	return c, args
}

// firstWord is the index of the first argument that is neither an option nor, as
// far as the command knows, an option's value; -1 without one.
func (c *command) firstWord(args []string) int {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		option := &pflag.Flag{NoOptDefVal: "true"}
		switch arg := args[i]; {
		case arg != "" && arg[0] != '-':
			return i
		case strings.Contains(arg, "="):
		case strings.HasPrefix(arg, "--"):
			option = c.flags.Lookup(arg[2:])
		case len(arg) == 2:
			option = c.flags.ShorthandLookup(arg[1:])
		}
		if option == nil || option.NoOptDefVal == "" {
			i++
		}
	}
	return -1
}

// execute does what the arguments say.
func (p *program) execute(ctx context.Context, root *command, args []string) error {
	c, args := root.find(args)
	if err := c.flags.Parse(args); err != nil {
		return flagError(err)
	}
	if c.flags.Lookup("help").Value.String() == "true" {
		fmt.Fprint(p.Stdout, p.help(c))
		return nil
	}
	if err := p.check(c, c.flags.Args()); err != nil {
		return err
	}
	return c.run(ctx, c.flags.Args())
}

// check refuses a wrong number of arguments, and options that make no sense.
func (p *program) check(c *command, args []string) error {
	switch {
	case len(args) >= c.least && len(args) <= c.most:
		return sensible(c.flags)
	case len(args) == 0 || len(c.subs) == 0:
		return usage("cli.error.arguments", i18n.Args{"usage": p.useLine(c)})
	}
	typed, meant, off := strings.ToLower(args[0]), "", 3
	for _, sub := range c.subs {
		far := typo.Distance(typed, sub.name)
		if typed != "" && strings.HasPrefix(sub.name, typed) {
			far = 0
		}
		if far < off {
			meant, off = sub.name, far
		}
	}
	if meant == "" {
		return usage("cli.error.command", i18n.Args{"command": args[0]})
	}
	return usage("cli.error.command-meant", i18n.Args{"command": args[0], "meant": meant})
}
