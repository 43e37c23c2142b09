// Package redact keeps secrets out of everything people read.
//
// A value that is known to be secret travels as a Secret, which no formatter
// prints. Text that comes from outside (a server's answer, a pasted page)
// passes through Text, which masks what looks like a credential, escapes what
// could mislead a reader and caps the length.
package redact

import (
	"fmt"
	"io"
	"log/slog"
)

// mask is what every secret looks like to a reader.
const mask = "[redacted]"

// Secret is a token, password, code or verifier. However it is printed,
// logged or marshalled it reads "[redacted]"; only Reveal gives the value.
type Secret struct{ value string }

// NewSecret wraps a value that must not be shown. From then on Text and Mask
// find it in whatever is shown, in each form in which it might be repeated.
func NewSecret(value string) Secret {
	ofRun.Add(value)
	return Secret{value}
}

// Reveal returns the value, for the one place that sends or seals it.
func (s Secret) Reveal() string { return s.value }

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.value == "" }

func (Secret) String() string { return mask }

func (Secret) GoString() string { return mask }

// Format implements fmt.Formatter, so that no verb reaches the field.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, mask) }

func (Secret) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText implements encoding.TextMarshaler, for JSON too.
func (Secret) MarshalText() ([]byte, error) { return []byte(mask), nil }
