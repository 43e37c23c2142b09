package native

// Event is what an entry in the event log is about; its number is the entry's
// ID.
type Event uint32

// These events are written.
const (
	EventFailed    Event = 1 // a scheduled command failed: an error
	EventProblem   Event = 2 // the watchman found a problem: a warning
	EventRecovered Event = 3 // and that it is over: information
)
