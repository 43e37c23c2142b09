package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"mailgrant/internal/i18n"
	"mailgrant/internal/redact"
)

// usageError is wrong use: exit status 2 with one line.
type usageError struct {
	key  string
	args i18n.Args
}

func (e usageError) Error() string { return i18n.For(i18n.English).Text(e.key, e.args) }

func usage(key string, args ...i18n.Args) error {
	e := usageError{key: key}
	if len(args) > 0 {
		e.args = args[0]
	}
	return e
}

// flagError turns the library's complaint about a flag into ours.
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
		if unknown.GetSpecifiedShortnames() != "" {
			return usage("cli.error.flag", i18n.Args{"flag": "-" + name})
		}
		return usage("cli.error.flag", i18n.Args{"flag": "--" + name})
	case errors.As(err, &missing):
		return usage("cli.error.flag-value", i18n.Args{"flag": "--" + missing.GetSpecifiedName()})
	case errors.As(err, &invalid):
		return usage("cli.error.flag-invalid", i18n.Args{"flag": "--" + invalid.GetFlag().Name, "value": invalid.GetValue()})
	}
	return usage("cli.error.usage", i18n.Args{"reason": err.Error()})
}

// choice is a value that is none of those a flag takes.
func choice[T ~string](flag, value string, allowed []T) error {
	return usage("cli.error.choice", i18n.Args{"flag": flag, "value": value, "allowed": strings.Join(words(allowed), ", ")})
}

// words are names of any kind as plain text.
func words[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

// tell writes one line to people.
func (p *program) tell(line string) { fmt.Fprintln(p.Stderr, "mailgrant: "+redact.Visible(line)) }

// note writes a sentence to people.
func (p *program) note(key string, args ...i18n.Args) {
	fmt.Fprintln(p.Stderr, p.texts.Text(key, args...))
}
