package oauth

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A key that is written wrongly would be left out without a word: a policy that
// forbids private windows, say.
func TestEveryKeyOfTheBrowsersIsKnown(t *testing.T) {
	var kinds []browserKind
	d := json.NewDecoder(bytes.NewReader(browsersJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&kinds); err != nil || len(kinds) == 0 {
		t.Error(err)
	}
}
