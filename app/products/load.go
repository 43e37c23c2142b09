package products

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"mailgrant/assets"
)

//go:embed *.json
var files embed.FS

// Other is the profile for a product that has none of its own.
const Other = "other"

// All returns the profiles by name, the one for other products last. The
// files are embedded, so an error is a mistake in the build that every test
// meets at once.
var All = sync.OnceValue(func() []*Profile {
	all, err := load(files)
	if err != nil {
		panic(fmt.Errorf("products: %w", err))
	}
	return all
})

// Get returns a profile by its id.
func Get(id string) (Profile, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p *Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return *all[i], true
}

func load(fsys fs.FS) ([]*Profile, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	var all []*Profile
	for _, name := range names {
		data, err := assets.Read(fsys, name)
		if err != nil {
			return nil, err
		}
		p, err := parse(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, &p)
	}
	slices.SortFunc(all, func(a, b *Profile) int {
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

// parse reads one file. Its errors name the file and the place in it.
func parse(name string, data []byte) (Profile, error) {
	var p Profile
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&p)
	if broken, ok := err.(*json.SyntaxError); ok {
		return p, fmt.Errorf("%s: line %d: %w", name, 1+bytes.Count(data[:broken.Offset], []byte("\n")), err)
	}
	if err != nil {
		return p, fmt.Errorf("%s: %w", name, err)
	}
	c := &checker{name: name}
	c.profile(p)
	return p, c.err
}
