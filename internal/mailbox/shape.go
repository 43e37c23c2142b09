package mailbox

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// shape is the type of a definition in a file: Definition, with one field for
// each protocol where it has its list of servers. encoding/json does the rest,
// with its rules and its errors. It is made once for a table of protocols.
var shape = sync.OnceValue(newShape)

func newShape() reflect.Type {
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

// toFile returns the definition in its shape.
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

// MarshalJSON implements json.Marshaler.
func (d Definition) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // the encoder that asked escapes, if it is to
	err := enc.Encode(d.toFile())
	return b.Bytes(), err
}

// UnmarshalJSON implements json.Unmarshaler.
func (d *Definition) UnmarshalJSON(data []byte) error {
	return d.fromFile(json.NewDecoder(bytes.NewReader(data)))
}
