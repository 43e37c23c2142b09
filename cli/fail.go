package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

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

// choice refuses a value that is none of those a flag takes.
func choice[T ~string](flag, value string, allowed []T) error {
	if slices.Contains(allowed, T(value)) {
		return nil
	}
	return usage("cli.error.choice", i18n.Args{"flag": flag, "value": value, "allowed": strings.Join(words(allowed), ", ")})
}

// optional is choice for a flag that may be left out.
func optional[T ~string](flag, value string, allowed []T) error {
	if value == "" {
		return nil
	}
	return choice(flag, value, allowed)
}

// positive refuses a time that is none.
func positive(flag string, value time.Duration) error {
	if value > 0 {
		return nil
	}
	return usage("cli.error.flag-invalid", i18n.Args{"flag": flag, "value": value.String()})
}

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
