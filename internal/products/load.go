package products

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed *.toml
var files embed.FS

// Other is the profile for a product that has none of its own.
const Other = "other"

// All returns the profiles by name, the one for other products last. The
// files are embedded, so an error is a mistake in the build that every test
// meets at once.
var All = sync.OnceValue(func() []Profile {
	all, err := load(files)
	if err != nil {
		panic(fmt.Errorf("products: %w", err))
	}
	return all
})

// Get returns a profile by its id.
func Get(id string) (Profile, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return all[i], true
}

func load(fsys fs.FS) ([]Profile, error) {
	names, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, err
	}
	var all []Profile
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		p, err := parse(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Profile) int {
		if (a.ID == Other) != (b.ID == Other) {
			if a.ID == Other {
				return 1
			}
			return -1
		}
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return all, nil
}

// parse reads one file. Its errors name the file and the line.
func parse(name string, data []byte) (Profile, error) {
	var p Profile
	meta, err := toml.Decode(string(data), &p)
	if broken, ok := err.(toml.ParseError); ok {
		return p, fmt.Errorf("%s:%d: %s", name, broken.Position.Line, broken.Message)
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	c := &checker{name: name, lines: bytes.Split(data, []byte("\n"))}
	for _, key := range meta.Undecoded() {
		c.fail(c.line(key[:len(key)-1].String(), -1, key[len(key)-1]), "%s is no field of a profile", key)
	}
	c.profile(p)
	return p, c.err
}
