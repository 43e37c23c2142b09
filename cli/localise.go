package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

// localise gives the library's own words to the command tree in the user's
// language: headings, the help flag, and the errors of wrong use.
func (p *program) localise(root *cobra.Command) {
	cobra.MousetrapHelpText = "" // a window program may be started from Explorer
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(&cobra.Command{Hidden: true, Use: "no-help"})
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	// Not by templates: text/template would keep every exported method in the program.
	root.SetUsageFunc(func(c *cobra.Command) error {
		_, err := io.WriteString(c.OutOrStderr(), p.usageText(c))
		return err
	})
	root.SetHelpFunc(func(c *cobra.Command, _ []string) {
		about := cmp.Or(c.Long, c.Short)
		if about != "" {
			about = strings.TrimSpace(about) + "\n\n"
		}
		_, _ = io.WriteString(c.OutOrStdout(), about+p.usageText(c))
	})
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return flagError(err) })
	values := strings.NewReplacer(
		"MAILBOX", p.texts.Text("cli.help.mailbox"), "FILE", p.texts.Text("cli.help.file"), "YYYY-MM-DD", p.texts.Text("cli.help.date"),
	)
	walk(root, func(c *cobra.Command) {
		_, path, _ := strings.Cut(c.CommandPath(), " ")
		key := "cli." + strings.ReplaceAll(cmp.Or(path, root.Name()), " ", "-")
		if p.texts.Has(key + ".short") {
			c.Short = p.texts.Text(key + ".short")
		}
		if p.texts.Has(key + ".example") {
			c.Example = p.texts.Text(key + ".example")
		}
		c.Use, c.SuggestionsMinimumDistance = values.Replace(c.Use), 2
		c.InitDefaultHelpFlag()
		if f := c.Flags().Lookup("help"); f != nil {
			f.Usage = p.texts.Text("cli.flag.help")
		}
		if args := c.Args; args != nil {
			c.Args = func(c *cobra.Command, given []string) error { return argsError(c, args(c, given), given) }
		}
	})
}

// usageText is the part of a command's help that follows its description.
func (p *program) usageText(c *cobra.Command) string {
	var b strings.Builder
	heading := func(key string) { fmt.Fprintf(&b, "%s\n", p.texts.Text("cli.help."+key)) }
	heading("usage")
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s %s\n\n", c.CommandPath(), p.texts.Text("cli.help.command"))
		heading("commands")
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
			}
		}
	} else {
		fmt.Fprintf(&b, "  %s\n", c.UseLine())
	}
	if c.HasAvailableLocalFlags() {
		b.WriteString("\n")
		heading("options")
		usages := strings.NewReplacer(
			" (default ", " ("+p.texts.Text("cli.help.default")+" ", "m0s)", "m)", "[=true|false]", strings.Repeat(" ", 13), // to which no one sets it
		).Replace(c.LocalFlags().FlagUsages())
		fmt.Fprintln(&b, strings.TrimRight(usages, " \n"))
	}
	if c.HasExample() {
		b.WriteString("\n")
		heading("examples")
		fmt.Fprintln(&b, c.Example)
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", p.texts.Text("cli.help.more", i18n.Args{"program": c.CommandPath()}))
	}
	if !c.HasParent() {
		fmt.Fprintf(&b, "\n%s\n", p.texts.Text("cli.help.around"))
	}
	return b.String()
}

func walk(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		walk(sub, do)
	}
}

// argsError turns the library's complaint about arguments into ours.
func argsError(c *cobra.Command, err error, given []string) error {
	switch {
	case err == nil:
		return nil
	case len(given) > 0 && c.HasSubCommands():
		if near := c.SuggestionsFor(given[0]); len(near) > 0 {
			return usage("cli.error.command-meant", i18n.Args{"command": given[0], "meant": near[0]})
		}
		return usage("cli.error.command", i18n.Args{"command": given[0]})
	}
	return usage("cli.error.arguments", i18n.Args{"usage": c.UseLine()})
}

// needs declares that an option does nothing without another, of which any will do.
func needs(c *cobra.Command, option string, others ...string) {
	_ = c.Flags().SetAnnotation(option, "needs", others)
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
