package provider

import (
	"bytes"
	"encoding/json"
	"testing"
)

// A key that is written wrongly would be left out without a word.
func TestEveryKeyOfTheProfilesIsKnown(t *testing.T) {
	type sourced struct {
		Source string
		Profile
	}
	var providers []struct {
		All  sourced
		Each []sourced
	}
	data, err := profilesData.ReadFile("profiles.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&providers); err != nil || len(providers) == 0 {
		t.Error(err)
	}
}
