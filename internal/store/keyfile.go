package store

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"mailgrant/internal/bounded"
)

// maxKeyFile is far more than a key with blanks around it has.
const maxKeyFile = 4 << 10

// ErrKeyFileOpen is returned, with ErrKeyUnavailable, for one that is not for its
// owner alone.
var ErrKeyFileOpen = errors.New("the key file can be read by others")

// keyFile is a file with a base64 key, for machines without a keyring.
type keyFile string

func (f keyFile) get(make bool) ([]byte, error) {
	if make {
		Sweep(filepath.Dir(string(f)))
	}
	info, err := os.Stat(string(f))
	if errors.Is(err, fs.ErrNotExist) && make {
		return f.create()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: key file: %w", ErrKeyUnavailable, err)
	}
	// Windows has no such bits; there the folder's access list protects it.
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%w: %s: %w (mode %04o; needed is 0600)", ErrKeyUnavailable, f, ErrKeyFileOpen, info.Mode().Perm())
	}
	data, err := bounded.ReadFile(string(f), maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("%w: key file: %w", ErrKeyUnavailable, err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(data)))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%w: key file %s does not hold a key of %d bytes in base64", ErrKeyUnavailable, f, keySize)
	}
	return key, nil
}

// create makes the file complete before it gets its name, so that a second
// process never reads half a key; the link fails if the other was faster.
func (f keyFile) create() ([]byte, error) {
	key := newKey()
	switch err := WriteNew(string(f), []byte(base64.StdEncoding.EncodeToString(key)+"\n"), Private); {
	case errors.Is(err, fs.ErrExist):
		return f.get(false)
	case err != nil:
		return nil, fmt.Errorf("%w: key file: %w", ErrKeyUnavailable, err)
	}
	return key, nil
}
