package mailbox

import (
	"strings"

	"mailgrant/internal/i18n"
)

// FieldError says what is wrong with one field. Field is its path in the
// file, such as "imap.port"; Problem is the last part of the text's key,
// field.<problem>, and Args are its placeholders.
type FieldError struct {
	Field   string
	Problem string
	Args    i18n.Args
}

// Text puts the error into one line that names the field.
func (e FieldError) Text(t *i18n.Texts) string {
	return e.Field + ": " + e.Message(t)
}

// Message is the error without the field's name, for the place of the mistake.
func (e FieldError) Message(t *i18n.Texts) string {
	return t.Text("field."+e.Problem, e.Args)
}

// Invalid is the error of a definition that cannot be used. It holds at least
// one field error, in the order of the file.
type Invalid []FieldError

// Error implements error in English.
func (v Invalid) Error() string { return v.Text(i18n.For(i18n.English)) }

// Text puts all field errors into one line.
func (v Invalid) Text(t *i18n.Texts) string {
	lines := make([]string, len(v))
	for i, e := range v {
		lines[i] = e.Text(t)
	}
	return strings.Join(lines, " ")
}

// For returns the error of a field, if it has one.
func (v Invalid) For(field string) (FieldError, bool) {
	for _, e := range v {
		if e.Field == field {
			return e, true
		}
	}
	return FieldError{}, false
}
