package mailbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"mailgrant/internal/bounded"
	"mailgrant/internal/i18n"
	"mailgrant/internal/plaintext"
	"mailgrant/internal/policy"
)

// maxFile is far more than any definition needs.
const maxFile = 1 << 20

// Normalize fills in what may be left out and trims what people paste: blanks
// around a value and the case of fixed words.
func (d Definition) Normalize() Definition {
	d = d.Clone()
	for _, text := range d.texts() {
		*text = strings.TrimSpace(*text)
	}
	if d.User == "" && d.SharedMailbox == "" {
		d.User = d.Sender
	}
	setDefault(&d.Name, d.Sender)
	setDefault(&d.Authentication, AuthOAuth2)
	for _, s := range d.Servers {
		s.Host, s.Security = strings.TrimSpace(s.Host), strings.TrimSpace(s.Security)
	}
	if d.OAuth != nil {
		d.OAuth.normalize()
	}
	return d
}

func (o *OAuth) normalize() {
	setDefault(&o.Provider, ProviderMicrosoft)
	if o.Profile().Entra {
		preset := policy.Current()
		setDefault(&o.Cloud, preset.Cloud)
		setDefault(&o.Cloud, CloudGlobal)
		setDefault(&o.AccountType, AccountTenant)
		setDefault(&o.ClientID, preset.ClientID)
		if o.NeedsTenant() {
			setDefault(&o.Tenant, preset.Tenant)
		}
	}
	setDefault(&o.SignIn, SignInPrivateWindow)
	setDefault(&o.Prompt, PromptLogin)
	setDefault(&o.Redirect, RedirectLocalhost)
	o.Redirect = strings.TrimSuffix(o.Redirect, "/")
	o.Authority = strings.TrimSuffix(o.Authority, "/")
	if o.Scopes == nil {
		o.Scopes = []string{}
	}
}

func setDefault(value *string, def string) {
	if *value == "" {
		*value = def
	}
}

// Read reads a definition file: JSON in UTF-8, also as Windows tools write it
// (byte order mark, UTF-16). The result is normalised and valid. Its errors are
// *FileError, *bounded.Error and those of the system.
func Read(path string) (Definition, error) {
	data, err := bounded.ReadFile(path, maxFile)
	if err != nil {
		return Definition{}, err
	}
	d, err := Parse(data)
	if err != nil {
		return Definition{}, &FileError{Path: path, Err: err}
	}
	return d, nil
}

// FileError says which file an error is about.
type FileError struct {
	Path string
	Err  error // of a definition: Invalid
}

// Error implements error.
func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *FileError) Unwrap() error { return e.Err }

// Parse reads a definition and returns it normalised and valid. Its error is
// always an Invalid.
func Parse(data []byte) (Definition, error) {
	d, err := decode(data)
	if err != nil {
		return Definition{}, err
	}
	d = d.Normalize()
	if err := d.Validate(); err != nil {
		return Definition{}, err
	}
	return d, nil
}

// decode reads strict JSON and turns the decoder's errors into field errors.
func decode(data []byte) (Definition, error) {
	if len(data) > maxFile {
		return Definition{}, Invalid{{Field: "file", Problem: "too-large"}}
	}
	text := plaintext.Decode(data)
	dec := json.NewDecoder(strings.NewReader(text))
	var d Definition
	err := d.fromFile(dec)
	if err == nil {
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return Definition{}, Invalid{{Field: "file", Problem: "trailing"}}
		}
		return d, checkKeys(text)
	}
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &wrongType):
		field := wrongType.Field
		if field == "" {
			field = "file"
		}
		return Definition{}, Invalid{{Field: field, Problem: "type", Args: i18n.Args{"value": wrongType.Value, "type": wrongType.Type.String()}}}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Definition{}, Invalid{{Field: "file", Problem: "incomplete"}}
	case errors.As(err, &syntax):
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return Definition{}, Invalid{{Field: "file", Problem: "syntax", Args: i18n.Args{"line": fmt.Sprint(line)}}}
	}
	return Definition{}, Invalid{{Field: "file", Problem: "syntax", Args: i18n.Args{"line": "1"}}}
}

// Equal tells whether two definitions are the same when they are normalised.
func (d Definition) Equal(other Definition) bool {
	return bytes.Equal(d.Normalize().Format(), other.Normalize().Format())
}

// Format writes a definition as people and scripts read it.
func (d Definition) Format() []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(d.toFile()); err != nil {
		panic(fmt.Errorf("mailbox: a definition always encodes: %w", err))
	}
	return b.Bytes()
}
