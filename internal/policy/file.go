package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"

	"mailgrant/internal/bounded"
)

// maxFile is far more than all policies need.
const maxFile = 1 << 20

// readFile reads policies as JSON; a file that is not there has none.
func readFile(path string) (Policy, error) {
	var p Policy
	data, err := bounded.ReadFile(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil
	}
	if err == nil {
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields() // a policy with a typing error would forbid nothing
		err = d.Decode(&p)
	}
	if err != nil {
		return Policy{}, &Error{path, err.Error()}
	}
	return p, nil
}
