package assistant

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A key that is written wrongly would be left out without a word.
func TestEveryKeyOfTheCloudsIsKnown(t *testing.T) {
	var all struct {
		Source string
		microsoft
	}
	d := json.NewDecoder(bytes.NewReader(cloudsData))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil || all.Source == "" {
		t.Error(err)
	}
}
