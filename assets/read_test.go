package assets

import (
	"bytes"
	"compress/gzip"
	"testing"
	"testing/fstest"
)

// Whoever reads a text need not know whether it is compressed.
func TestRead(t *testing.T) {
	const text = `{"key": "Grüße"}`
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(text)); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{
		"plain":  {Data: []byte(text)},
		"packed": {Data: packed.Bytes()},
		"cut":    {Data: packed.Bytes()[:packed.Len()-9]},
	}
	for _, name := range []string{"plain", "packed"} {
		if got, err := Read(files, name); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"cut", "absent"} {
		if _, err := Read(files, name); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
