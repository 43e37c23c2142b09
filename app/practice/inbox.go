package practice

import (
	"maps"
	"slices"
	"strings"
)

// Inbox returns the messages in the inbox of an address, the oldest first, as
// they were delivered. There are some from the beginning.
func (t *Tenant) Inbox(address string) [][]byte {
	box := t.boxes[strings.ToLower(address)]
	if box == nil {
		return nil
	}
	box.mu.Lock()
	defer box.mu.Unlock()
	var all [][]byte
	for _, uid := range slices.Sorted(maps.Keys(box.bodies)) {
		all = append(all, slices.Clone(box.bodies[uid]))
	}
	return all
}
