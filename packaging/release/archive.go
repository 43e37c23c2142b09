package main

import (
	"archive/zip"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// made is the time of every file: with the real one no two archives would be
// equal. packaging/make-installer has the same.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// archive puts files into a zip under the names given, in the order of these.
func archive(out string, entries []string) error {
	slices.Sort(entries)
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	w := zip.NewWriter(f)
	for _, entry := range entries {
		name, path, ok := strings.Cut(entry, "=")
		if !ok {
			return fmt.Errorf("%q: needed is NAME=FILE", entry)
		}
		if err := put(w, name, path); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return f.Close()
}

func put(w *zip.Writer, name, path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made}
	h.SetMode(0o644)
	to, err := w.CreateHeader(h)
	if err == nil {
		_, err = to.Write(data)
	}
	return err
}
