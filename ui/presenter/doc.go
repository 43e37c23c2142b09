// Package presenter is the window without its widgets: what the user did goes
// in as methods, what the window shows comes out as a State.
//
// A Presenter lives on one goroutine, the window's. Jobs (a sign-in, a test, a
// look-up) run beside it, one at a time for each mailbox, and hand their events
// back through the Dispatch function. Inputs are copied before a job starts;
// what a job says after it was cancelled or replaced is dropped.
//
// The package knows no widget and opens no connection: all work is done by the
// interfaces in engine.go.
package presenter
