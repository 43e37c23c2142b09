package native

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"sync"
)

// Claim makes this process the one with the window for a folder of settings.
// If another one is, its window is brought to the front and first is false.
// Where the system has no such thing, every process is the first. release gives
// the claim up, for the process that opens the window instead; it may be called
// more than once.
func Claim(home string) (release func(), first bool) {
	release, first = claim(claimName(home))
	return sync.OnceFunc(release), first
}

// claimName names the claim of a folder. Its letters' case does not count on
// Windows, and a name may not hold a path.
func claimName(home string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(filepath.Clean(home))))
	return "Mailgrant-" + hex.EncodeToString(sum[:8])
}
