package store

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// platformKeeper seals with DPAPI. Credential Manager is no choice: it ends at
// 2,560 bytes. Below ProgramData, where a home for a service lies, the key is
// the machine's, so that a task which runs without a logged-on user can open
// the files too; the folder's access list then protects them, because any
// local process could open the seal itself.
func platformKeeper(dir string) keeper {
	if root, ok := below(os.Getenv("ProgramData"), dir); ok {
		return dpapi{name: "dpapi-machine", id: "machine", flags: cryptProtectLocalMachine, guard: root}
	}
	return dpapi{name: "dpapi", id: "user"}
}

// below returns the folder right under parent in which dir lies.
func below(parent, dir string) (string, bool) {
	if parent == "" {
		return "", false
	}
	rel, err := filepath.Rel(parent, dir)
	if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
		return "", false
	}
	first, _, _ := strings.Cut(rel, string(filepath.Separator))
	return filepath.Join(parent, first), true
}

// cryptProtectLocalMachine is CRYPTPROTECT_LOCAL_MACHINE of dpapi.h.
const cryptProtectLocalMachine = 0x4

type dpapi struct {
	name, id string
	flags    uint32
	guard    string // a folder that only trusted accounts may enter, or ""
}

func (k dpapi) kind() string { return k.name }

func (k dpapi) find() (string, error) { return k.guarded(checkFolder) }

func (k dpapi) prepare() (string, error) { return k.guarded(protectFolder) }

func (k dpapi) guarded(by func(folder string) error) (string, error) {
	if k.guard == "" {
		return k.id, nil
	}
	return k.id, by(k.guard)
}

// seal binds context as DPAPI's optional entropy. CRYPTPROTECT_UI_FORBIDDEN:
// a scheduled task has nobody to answer a dialog.
func (k dpapi) seal(plain, context []byte) ([]byte, error) {
	var out windows.DataBlob
	err := windows.CryptProtectData(blob(plain), nil, blob(context), 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN|k.flags, &out)
	if err != nil {
		return nil, fmt.Errorf("%w: CryptProtectData: %w", ErrKeyUnavailable, err)
	}
	return take(out), nil
}

func (dpapi) open(sealed, context []byte) ([]byte, error) {
	var out windows.DataBlob
	err := windows.CryptUnprotectData(blob(sealed), nil, blob(context), 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, &out)
	switch err {
	case nil:
		return take(out), nil
	case windows.ERROR_INVALID_DATA, windows.ERROR_INVALID_PARAMETER: // the second: not even the form of a seal
		return nil, ErrDamaged
	}
	// NTE_BAD_KEY_STATE and its kind: sealed by another user or machine.
	return nil, fmt.Errorf("%w: CryptUnprotectData: %w", ErrKeyUnavailable, err)
}

func blob(data []byte) *windows.DataBlob {
	if len(data) == 0 {
		return &windows.DataBlob{}
	}
	return &windows.DataBlob{Size: uint32(len(data)), Data: &data[0]}
}

// take copies what DPAPI allocated and frees it.
func take(b windows.DataBlob) []byte {
	defer func() { _, _ = windows.LocalFree(windows.Handle(unsafe.Pointer(b.Data))) }()
	return append([]byte(nil), unsafe.Slice(b.Data, b.Size)...)
}
