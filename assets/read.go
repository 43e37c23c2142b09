package assets

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
)

// Read returns an embedded text. Some programs have it compressed (pack in
// scripts/env), which takes half a megabyte off them and costs 7 ms for each
// megabyte that is read.
func Read(files fs.FS, name string) ([]byte, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil || !bytes.HasPrefix(data, []byte("\x1f\x8b")) { // RFC 1952, section 2.3.1
		return data, err
	}
	text, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(text)
}

// Text is Read of what is embedded for certain.
func Text(files fs.FS, name string) string {
	data, _ := Read(files, name)
	return string(data)
}
