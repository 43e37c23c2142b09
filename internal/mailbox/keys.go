package mailbox

import (
	"encoding/json"
	"reflect"
	"strings"

	"mailgrant/internal/redact"
)

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
		field := strings.TrimPrefix(path+"."+redact.Line(name), ".")
		_, known := fields[name]
		switch {
		case seen[name]:
			k.found = append(k.found, FieldError{Field: field, Problem: "twice"})
		case !known:
			k.found = append(k.found, FieldError{Field: field, Problem: "unknown"})
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
