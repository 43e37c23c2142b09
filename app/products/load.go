package products

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mailgrant/assets"
	"mailgrant/internal/i18n"
	"mailgrant/internal/mailbox"
)

//go:embed *.json
var files embed.FS

// Other is the profile for a product that has none of its own, printer that of
// everything that knows only a password.
const (
	Other   = "other"
	printer = "printer"
)

// All returns the profiles by name, the one for other products last. The
// files are embedded, and a test checks each statement in them. One file may hold
// several profiles, as it does where they are compressed.
var All = sync.OnceValue(func() (all []*Profile) {
	names, err := fs.Glob(files, "*.json")
	for _, name := range names {
		var data []byte
		if err == nil {
			data, err = assets.Read(files, name)
		}
		for read := json.NewDecoder(bytes.NewReader(data)); err == nil && read.More(); {
			p := new(Profile)
			err = read.Decode(p)
			all = append(all, p)
		}
	}
	if err != nil { // a mistake in the build
		panic(fmt.Errorf("products: %w", err))
	}
	slices.SortFunc(all, func(a, b *Profile) int {
		switch {
		case a.ID == Other:
			return 1
		case b.ID == Other:
			return -1
		}
		return i18n.Compare(a.Name, b.Name)
	})
	return all
})

// HostOf is a product's own address without the scheme and the slash with which
// browsers copy it, in the form in which DNS has it.
func HostOf(typed string) string {
	if scheme, rest, found := strings.Cut(typed, "://"); found && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")) {
		typed = rest
	}
	name, port, found := strings.Cut(strings.TrimSuffix(typed, "/"), ":")
	if found {
		port = ":" + port
	}
	return mailbox.ASCII(name) + port
}

// IsHost reports whether a product can have this address: a host name, and a port
// where it is not the usual one.
func IsHost(host string) bool {
	name, port, found := strings.Cut(host, ":")
	number, err := strconv.ParseUint(port, 10, 16)
	return mailbox.IsHostName(name) && (!found || err == nil && number > 0)
}

// Get returns a profile by its id.
func Get(id string) (Profile, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p *Profile) bool { return p.ID == id })
	if i < 0 {
		return Profile{}, false
	}
	return *all[i], true
}
