package mailbox

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
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
	d.Name, d.Authentication = cmp.Or(d.Name, NameOf(d.Sender)), cmp.Or(d.Authentication, AuthOAuth2)
	for _, s := range d.Servers {
		s.Host, s.Security = strings.TrimSpace(s.Host), strings.TrimSpace(s.Security)
	}
	if d.OAuth != nil {
		d.OAuth.normalize()
	}
	return d
}

func (o *OAuth) normalize() {
	o.Provider = cmp.Or(o.Provider, ProviderMicrosoft)
	if o.Profile().Entra {
		preset := policy.Current()
		o.Cloud = cmp.Or(o.Cloud, preset.Cloud, CloudGlobal)
		o.AccountType = cmp.Or(o.AccountType, AccountTenant)
		o.ClientID = cmp.Or(o.ClientID, preset.ClientID)
		if o.NeedsTenant() {
			o.Tenant = cmp.Or(o.Tenant, preset.Tenant)
		}
	}
	for _, id := range []*string{&o.ClientID, &o.Tenant} {
		if bare := strings.Trim(*id, "{}"); IsGUID(bare) { // PowerShell and the registry put braces around them
			*id = bare
		}
	}
	o.SignIn = cmp.Or(o.SignIn, SignInPrivateWindow)
	o.Prompt = cmp.Or(o.Prompt, PromptLogin)
	o.Redirect = strings.TrimSuffix(cmp.Or(o.Redirect, RedirectLocalhost), "/")
	o.Authority = strings.TrimSuffix(o.Authority, "/")
	if o.Scopes == nil {
		o.Scopes = []string{}
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

func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

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

// jsonTypes are what a definition may hold beside objects, as encoding/json calls it.
var jsonTypes = map[reflect.Kind]string{reflect.Int: "number", reflect.String: "string", reflect.Slice: "array"}

// decode reads strict JSON and turns the decoder's errors into field errors.
func decode(data []byte) (Definition, error) {
	no := func(field, problem string, args i18n.Args) (Definition, error) {
		return Definition{}, Invalid{{Field: field, Problem: problem, Args: args}}
	}
	if len(data) > maxFile {
		return no("file", "too-large", nil)
	}
	text := plaintext.Decode(data)
	dec := json.NewDecoder(strings.NewReader(text))
	var d Definition
	err := d.fromFile(dec)
	if err == nil {
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			return no("file", "trailing", nil)
		}
		return d, checkKeys(text)
	}
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return no(cmp.Or(wrong.Field, "file"), "type", i18n.Args{"value": wrong.Value, "type": cmp.Or(jsonTypes[wrong.Type.Kind()], "object")})
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return no("file", "incomplete", nil)
	}
	line := 1
	if syntax, is := errors.AsType[*json.SyntaxError](err); is {
		line += strings.Count(text[:min(int(syntax.Offset), len(text))], "\n")
	}
	return no("file", "syntax", i18n.Args{"line": fmt.Sprint(line)})
}

// Equal tells whether two definitions are the same when they are normalised.
func (d Definition) Equal(other Definition) bool {
	return bytes.Equal(d.Normalize().Format(), other.Normalize().Format())
}

// Format writes a definition as people and scripts read it.
func (d Definition) Format() []byte {
	text, err := Encode(d.toFile(), "  ")
	if err != nil {
		panic(fmt.Errorf("mailbox: a definition always encodes: %w", err))
	}
	return text
}
