package native

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
)

// Front is the claim to be the one window of a user.
type Front struct{ release func() }

// Claim makes this process the one with the window for a folder of settings.
// If another one is, its window is brought to the front and first is false.
// Where the system has no such thing, every process is the first.
func Claim(home string) (f *Front, first bool) {
	release, first := claim(claimName(home))
	return &Front{release}, first
}

// Release gives the claim up, for the process that opens the window instead.
func (f *Front) Release() {
	if f != nil && f.release != nil {
		f.release()
		f.release = nil
	}
}

// claimName names the claim of a folder. Its letters' case does not count on
// Windows, and a name may not hold a path.
func claimName(home string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(filepath.Clean(home))))
	return "Mailgrant-" + hex.EncodeToString(sum[:8])
}
