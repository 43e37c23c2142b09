package store

import "testing"

// Who may enter is listed, not who may not: of groups there are more than
// anybody knows.
func TestOnlyTrustedAccountsMayEnter(t *testing.T) {
	const own = "S-1-5-21-1-2-3-1001"
	mine := []entry{{kind: allows, sid: systemSID}, {kind: allows, sid: adminsSID}, {kind: allows, sid: own}}
	for name, c := range map[string]struct {
		more entry
		want string
	}{
		"its own list":              {entry{kind: allows, sid: own}, ""},
		"who makes files":           {entry{kind: allows, sid: creatorSID}, ""},
		"the owner":                 {entry{kind: allows, sid: ownerSID}, ""},
		"a denial":                  {entry{kind: denies, sid: "S-1-1-0"}, ""},
		"everyone":                  {entry{kind: allows, sid: "S-1-1-0"}, "S-1-1-0"},
		"users":                     {entry{kind: allows, sid: "S-1-5-32-545"}, "S-1-5-32-545"},
		"domain users":              {entry{kind: allows, sid: "S-1-5-21-1-2-3-513"}, "S-1-5-21-1-2-3-513"},
		"power users":               {entry{kind: allows, sid: "S-1-5-32-547"}, "S-1-5-32-547"},
		"network":                   {entry{kind: allows, sid: "S-1-5-2"}, "S-1-5-2"},
		"app containers":            {entry{kind: allows, sid: "S-1-15-2-1"}, "S-1-15-2-1"},
		"who signed in, for SYSTEM": {entry{kind: allows, sid: "S-1-5-21-1-2-3-1002", user: true}, ""},
		"a group of one's own":      {entry{kind: allows, sid: "S-1-5-21-1-2-3-1105"}, "S-1-5-21-1-2-3-1105"},
		"on a condition":            {entry{kind: 9, sid: "S-1-5-11"}, "S-1-5-11"},
		"something unheard of":      {entry{kind: 99, sid: own}, own},
	} {
		if got := stranger(append(mine[:len(mine):len(mine)], c.more), own); got != c.want {
			t.Errorf("%s: %q may enter, want %q", name, got, c.want)
		}
	}
}
