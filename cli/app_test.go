package cli

import (
	"os"
	"testing"

	"github.com/BurntSushi/toml"
)

func TestTheProgramsFactsAreThoseOfTheFile(t *testing.T) {
	data, err := os.ReadFile("../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	var want struct{ Details App }
	if err := toml.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	if got := readApp(string(data)); got != want.Details || got.Version == "" {
		t.Errorf("%+v, want %+v", got, want.Details)
	}
}
