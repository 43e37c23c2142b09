// Package native holds the few calls to the operating system that have no
// place in a library we use.
package native
