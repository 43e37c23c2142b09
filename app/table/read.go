package table

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"mailgrant/internal/bounded"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
	"mailgrant/internal/plaintext"
)

// Limits far above what anybody has.
const (
	maxFile = 16 << 20
	maxRows = 10_000
)

// ReadFiles reads several files into one preview. Its error is a *FileError for
// the first that cannot be opened, such as a folder or a pipe.
func ReadFiles(paths ...string) (Preview, error) {
	var all Preview
	for _, path := range paths {
		data, err := bounded.ReadFile(path, maxFile)
		var unread *bounded.Error
		switch {
		case errors.As(err, &unread) && unread.Problem == bounded.TooLarge:
			all.Add(wholeFile(filepath.Base(path), "too-large", nil))
		case err != nil:
			return Preview{}, &FileError{Path: path, Err: err}
		default:
			all.Add(Read(path, data))
		}
	}
	return all, nil
}

// FileError is a file that cannot be read at all.
type FileError = mailbox.FileError

// Read reads a table or JSON: one definition, a list of them, or an object
// with such a list as "mailboxes". The content decides, not the file's name.
func Read(file string, data []byte) Preview {
	file = filepath.Base(file)
	if len(data) > maxFile {
		return wholeFile(file, "too-large", nil)
	}
	decoded := plaintext.Decode(data)
	text := strings.TrimSpace(decoded)
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")): // .xlsx and .ods; .xls
		return wholeFile(file, "workbook", nil)
	case strings.ContainsRune(text, 0): // no text at all
		return wholeFile(file, "no-list", nil)
	case text == "":
		return wholeFile(file, "nothing", nil)
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return readJSON(file, []byte(text), decoded[:strings.Index(decoded, text)])
	}
	return readCSV(file, decoded)
}

// wholeFile is the preview of a file that cannot be read at all.
func wholeFile(file, problem string, args i18n.Args) Preview {
	return Preview{Wrong: []Problem{{File: file, FieldError: mailbox.FieldError{Field: "file", Problem: problem, Args: args}}}}
}

// readJSON reads what stands behind the blanks of a file.
func readJSON(file string, data []byte, blanks string) Preview {
	entries, err := list(data)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		line := 1 + strings.Count(blanks, "\n") + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		if errors.Is(json.NewDecoder(bytes.NewReader(data)).Decode(&entries), io.ErrUnexpectedEOF) {
			return wholeFile(file, "incomplete", nil)
		}
		return wholeFile(file, "syntax", i18n.Args{"line": strconv.Itoa(line)})
	case err != nil:
		return wholeFile(file, "no-list", nil)
	case len(entries) == 0:
		return wholeFile(file, "nothing", nil)
	case len(entries) > maxRows:
		return wholeFile(file, "too-many", i18n.Args{"rows": strconv.Itoa(maxRows)})
	}
	var p Preview
	for i, entry := range entries {
		r := Row{File: file, Number: i + 1}
		r.Definition, err = mailbox.Parse(entry)
		invalid, _ := errors.AsType[mailbox.Invalid](err)
		for _, e := range invalid {
			r.add(e)
		}
		p.Rows = append(p.Rows, r)
	}
	p.findTwins()
	return p
}

// list gives the definitions in a JSON text, each still as text.
func list(data []byte) ([]json.RawMessage, error) {
	var entries []json.RawMessage
	if data[0] == '[' {
		err := json.Unmarshal(data, &entries)
		return entries, err
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, err
	}
	if inner, ok := object["mailboxes"]; ok {
		err := json.Unmarshal(inner, &entries)
		return entries, err
	}
	return []json.RawMessage{data}, nil
}
