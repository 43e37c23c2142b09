package store

// entry is one entry of a folder's access list on Windows.
type entry struct {
	kind byte   // AceType of ACE_HEADER (winnt.h)
	sid  string // in its text form
	user bool   // one account, no group
}

// The kinds of entry that are understood.
const (
	allows     = 0  // ACCESS_ALLOWED_ACE_TYPE
	denies     = 1  // ACCESS_DENIED_ACE_TYPE
	deniesIf   = 10 // ACCESS_DENIED_CALLBACK_ACE_TYPE
	systemSID  = "S-1-5-18"
	adminsSID  = "S-1-5-32-544"
	creatorSID = "S-1-3-0" // CREATOR OWNER: whoever may make something below
	ownerSID   = "S-1-3-4" // OWNER RIGHTS: the owner, who is trusted
)

// stranger is the first in an access list who is not known to be harmless, ""
// where there is none. SYSTEM, the administrators, this account and any other
// single account may enter, which only a trusted owner can have let in: a task
// as SYSTEM finds the account there that signed in. No other group may,
// whatever it is called. An entry that is not understood lets somebody in.
func stranger(list []entry, own string) string {
	for _, e := range list {
		switch e.kind {
		case denies, deniesIf:
			continue
		case allows:
			switch e.sid {
			case own, systemSID, adminsSID, creatorSID, ownerSID:
				continue
			}
			if e.user {
				continue
			}
		}
		return e.sid
	}
	return ""
}
