package main

import (
	"embed"
	"os"
	"path/filepath"
	"strings"

	"github.com/BurntSushi/toml"
)

// manifests are the files of a package in winget's repository, in the form of
// manifest version 1.9.0 (Microsoft Learn, "Create your package manifest"). The
// setup is NSIS: /S is known to winget, the scope is ours.
//
//go:embed winget
var manifests embed.FS

// winget writes the manifests of a setup. Its address is where releases of the
// website lie.
func winget(version, setup, folder string) error {
	sum, err := sumOf(setup)
	if err != nil {
		return err
	}
	var facts struct{ Website string }
	if _, err := toml.DecodeFile("FyneApp.toml", &facts); err != nil {
		return err
	}
	fill := strings.NewReplacer(
		"{version}", version, "{sum}", strings.ToUpper(sum), "{website}", facts.Website,
		"{url}", facts.Website+"/releases/download/v"+version+"/"+filepath.Base(setup),
	)
	files, err := manifests.ReadDir("winget")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, file := range files {
		text, err := manifests.ReadFile("winget/" + file.Name())
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file.Name()), []byte(fill.Replace(string(text))), 0o644); err != nil {
			return err
		}
	}
	return nil
}
