// Package bounded reads what others may have written: regular files, up to a
// limit. A folder, a pipe or a device in a file's place is told by name and never
// waited for.
package bounded

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"mailgrant/internal/i18n"
)

// Problem is why something is not read; file.<problem> is its text.
type Problem string

// The problems.
const (
	Folder   Problem = "folder"
	Special  Problem = "special" // a pipe, a device, a socket
	TooLarge Problem = "too-large"
)

// Error says why something is not read. Limit is in bytes.
type Error struct {
	Problem Problem
	Limit   int64
}

func (e *Error) Error() string { return e.Text(i18n.For(i18n.English)) }

// Text says it to people, without the file's name.
func (e *Error) Text(t *i18n.Texts) string {
	return t.Text("file."+string(e.Problem), i18n.Args{"limit": fmt.Sprint(e.Limit >> 10)})
}

// ReadFile reads a regular file of at most limit bytes. Its errors are *Error
// and those of the system.
func ReadFile(path string, limit int64) ([]byte, error) {
	data, err := ReadHead(path, limit+1)
	if int64(len(data)) > limit {
		return nil, &Error{Problem: TooLarge, Limit: limit}
	}
	return data, err
}

// ReadHead reads the first limit bytes, which will do of a log.
func ReadHead(path string, limit int64) ([]byte, error) {
	f, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit))
}

func open(path string) (*os.File, error) {
	// Opening some devices does something already, so the name is looked at
	// first; what was opened counts, should it have been exchanged since.
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := check(info); err != nil {
		return nil, err
	}
	var f *os.File
	err = Patiently(func() (err error) {
		f, err = os.OpenFile(path, os.O_RDONLY|nonBlocking, 0)
		return err
	})
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil {
		err = check(info)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func check(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return &Error{Problem: Folder}
	case !info.Mode().IsRegular():
		return &Error{Problem: Special}
	}
	return nil
}
