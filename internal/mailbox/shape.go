package mailbox

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"

	"mailgrant/internal/redact"
)

// shape is the type of a definition in a file: Definition, with one field for
// each protocol where it has its list of servers. encoding/json does the rest,
// with its rules and its errors.
func shape() reflect.Type { return known.Load().shape() }

func newShape(kinds []Kind) reflect.Type {
	var fields []reflect.StructField
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Definition]()) {
		if f.Type != reflect.TypeFor[Servers]() {
			fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
			continue
		}
		for _, k := range kinds {
			fields = append(fields, reflect.StructField{
				Name: strings.ToUpper(string(k.Protocol)), Type: reflect.TypeFor[*Server](),
				Tag: reflect.StructTag(`json:"` + string(k.Protocol) + `,omitempty"`),
			})
		}
	}
	return reflect.StructOf(fields)
}

// match visits each field of a shape beside that of the definition of the same
// name, which it does not have for a protocol.
func (d *Definition) match(file reflect.Value, field func(file, own reflect.Value), server func(reflect.Value, Protocol)) {
	for i := range file.NumField() {
		name := file.Type().Field(i).Name
		if own := reflect.ValueOf(d).Elem().FieldByName(name); own.IsValid() {
			field(file.Field(i), own)
		} else {
			server(file.Field(i), Protocol(strings.ToLower(name)))
		}
	}
}

func (d Definition) toFile() any {
	file := reflect.New(shape()).Elem()
	d.match(file, reflect.Value.Set, func(file reflect.Value, p Protocol) { file.Set(reflect.ValueOf(d.Server(p))) })
	return file.Interface()
}

// fromFile reads a definition with a decoder; unknown fields are its matter.
func (d *Definition) fromFile(dec *json.Decoder) error {
	file := reflect.New(shape())
	if err := dec.Decode(file.Interface()); err != nil {
		return err
	}
	given := Given{}
	d.match(file.Elem(),
		func(file, own reflect.Value) { own.Set(file) },
		func(file reflect.Value, p Protocol) { given[p] = file.Interface().(*Server) })
	d.Servers = NewServers(given)
	return nil
}

// MarshalJSON escapes nothing: the encoder that asked does, if it is to.
func (d Definition) MarshalJSON() ([]byte, error) { return Encode(d.toFile(), "") }

// Encode writes one definition, or several, for people and scripts.
func Encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return b.Bytes(), err
}

func (d *Definition) UnmarshalJSON(data []byte) error {
	return d.fromFile(json.NewDecoder(bytes.NewReader(data)))
}

// checkKeys finds what encoding/json lets pass: a field that there is not, one
// that stands twice, and a name that equals a field's only without case or by
// Unicode folding. The last two let two readers of one file see two
// definitions. text has been decoded already, so what is known has the shape of
// a definition.
func checkKeys(text string) error {
	k := keys{dec: json.NewDecoder(strings.NewReader(text))}
	k.value("", shape())
	if len(k.found) > 0 {
		return k.found
	}
	return nil
}

type keys struct {
	dec   *json.Decoder
	found Invalid
}

// value reads the next value, which belongs to a field of type t.
func (k *keys) value(path string, t reflect.Type) {
	switch token, _ := k.dec.Token(); token {
	case json.Delim('{'):
		k.object(path, t)
	case json.Delim('['):
		for k.dec.More() {
			k.value(path, nil)
		}
		_, _ = k.dec.Token() // the closing bracket
	}
}

func (k *keys) object(path string, t reflect.Type) {
	fields, seen := fieldsOf(t), map[string]bool{}
	for k.dec.More() {
		token, _ := k.dec.Token()
		name, _ := token.(string)
		_, known := fields[name]
		field := strings.TrimPrefix(path+"."+name, ".")
		switch {
		case seen[name]:
			k.found = append(k.found, FieldError{Field: field, Problem: "twice"})
		case !known:
			k.found = append(k.found, FieldError{Field: redact.Line(field), Problem: "unknown"})
			_ = k.dec.Decode(new(json.RawMessage)) // whatever it holds
			continue
		}
		seen[name] = true
		k.value(field, fields[name])
	}
	_, _ = k.dec.Token() // the closing brace
}

// fieldsOf are the names in a file of a structure's fields, with their types.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	if t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return fields
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		fields[name] = t.Field(i).Type
	}
	return fields
}
