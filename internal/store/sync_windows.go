package store

// syncDir has nothing to do: NTFS journals the rename, and a folder cannot be
// flushed without administrator's rights.
func syncDir(string) error { return nil }
