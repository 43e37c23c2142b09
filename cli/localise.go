package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// help is what a command is for and how it is called.
func (p *program) help(c *command) string {
	about := p.text(c, "short")
	if c.about != nil {
		about = c.about()
	}
	return strings.TrimSpace(about) + "\n\n" + p.usageText(c)
}

// text is one of a command's own, "" where it has none.
func (p *program) text(c *command, kind string) string {
	key := "cli." + strings.ReplaceAll(strings.TrimPrefix(c.path(), "mailgrant "), " ", "-") + "." + kind
	if !p.texts.Has(key) {
		return ""
	}
	return p.texts.Text(key)
}

// useLine is how a command is called, in the user's language.
func (p *program) useLine(c *command) string {
	return strings.NewReplacer(
		"MAILBOX", p.texts.Text("cli.help.mailbox"), "FILE", p.texts.Text("cli.help.file"), "YYYY-MM-DD", p.texts.Text("cli.help.date"),
	).Replace(strings.TrimSpace(c.path() + " " + c.words))
}

// usageText is the part of a command's help that follows its description.
func (p *program) usageText(c *command) string {
	var b strings.Builder
	heading := func(key string) { fmt.Fprintf(&b, "%s\n", p.texts.Text("cli.help."+key)) }
	heading("usage")
	if len(c.subs) > 0 {
		fmt.Fprintf(&b, "  %s %s\n\n", c.path(), p.texts.Text("cli.help.command"))
		heading("commands")
		width := 11
		for _, sub := range c.subs {
			width = max(width, len(sub.name))
		}
		for _, sub := range c.subs {
			fmt.Fprintf(&b, "  %-*s  %s\n", width, sub.name, p.text(sub, "short"))
		}
	} else {
		fmt.Fprintf(&b, "  %s\n", p.useLine(c))
	}
	b.WriteString("\n")
	heading("options")
	usages := strings.NewReplacer(
		" (default ", " ("+p.texts.Text("cli.help.default")+" ", "m0s)", "m)", "[=true|false]", strings.Repeat(" ", 13), // to which no one sets it
	).Replace(c.flags.FlagUsages())
	fmt.Fprintln(&b, strings.TrimRight(usages, " \n"))
	if example := p.text(c, "example"); example != "" {
		b.WriteString("\n")
		heading("examples")
		fmt.Fprintln(&b, example)
	}
	if len(c.subs) > 0 {
		fmt.Fprintf(&b, "\n%s\n", p.texts.Text("cli.help.more", i18n.Args{"program": c.path()}))
	}
	if c.parent == nil {
		fmt.Fprintf(&b, "\n%s\n", p.texts.Text("cli.help.around"))
	}
	return b.String()
}

// needs declares that an option does nothing without another, of which any will do.
func needs(c *command, option string, others ...string) {
	_ = c.flags.SetAnnotation(option, "needs", others)
}

// sensible refuses an option that lacks the other that it needs, a host that is none,
// and one whose value is empty: a script's variable that is not set. What an error
// text is about, explain is told by who knows it.
func sensible(given *pflag.FlagSet) (err error) {
	given.Visit(func(f *pflag.Flag) {
		others := f.Annotations["needs"]
		if len(others) > 0 && !slices.ContainsFunc(others, given.Changed) {
			err = usage("cli.error.needs", i18n.Args{"flag": "--" + f.Name, "other": "--" + others[0]})
		}
		if list, several := f.Value.(pflag.SliceValue); several && f.Name == "allow-host" {
			for _, host := range list.GetSlice() {
				if !mailbox.IsHost(host) {
					err = usage("cli.error.allow-host", i18n.Args{"value": host})
				}
			}
		}
		if f.Name != "phase" && f.Name != "provider" && f.Value.Type() != "func" && strings.Trim(f.Value.String(), " \t\r\n[]\"") == "" { // [""] is a list
			err = usage("cli.error.flag-value", i18n.Args{"flag": "--" + f.Name})
		}
	})
	return err
}

func flagError(err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var wrong usageError
	switch {
	case errors.As(err, &wrong):
		return wrong
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if name == "practice" { // which stands in the help, for the window
			return usage("cli.error.practice")
		}
		if unknown.GetSpecifiedShortnames() != "" {
			return usage("cli.error.flag", i18n.Args{"flag": "-" + name})
		}
		return usage("cli.error.flag", i18n.Args{"flag": "--" + name})
	case errors.As(err, &missing):
		return usage("cli.error.flag-value", i18n.Args{"flag": "--" + missing.GetSpecifiedName()})
	case errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "duration":
		return usage("cli.error.duration", i18n.Args{"flag": "--" + invalid.GetFlag().Name, "value": invalid.GetValue()})
	case errors.As(err, &invalid):
		return usage("cli.error.flag-invalid", i18n.Args{"flag": "--" + invalid.GetFlag().Name, "value": invalid.GetValue()})
	}
	return usage("cli.error.usage", i18n.Args{"reason": err.Error()})
}
