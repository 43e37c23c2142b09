package native

// virtualTerminal is ENABLE_VIRTUAL_TERMINAL_PROCESSING of a console's mode
// (consoleapi.h).
const virtualTerminal = 0x4

// switchedOn tells whether a console understands escape sequences, switching
// that on where it is not. One with "legacy console" chosen refuses it, as all
// did before Windows 10 1511, and would show the sequences as they are.
func switchedOn(mode func() (uint32, error), setMode func(uint32) error) bool {
	now, err := mode()
	return err == nil && (now&virtualTerminal != 0 || setMode(now|virtualTerminal) == nil)
}
