// Package longlife holds tests of a window that stays open for long: what it
// uses after thousands of sign-ins and tests is what it used after the first.
package longlife
