// Package practice is a pretend Microsoft 365 tenant on this machine: a
// sign-in service and IMAP, POP3 and SMTP servers that speak as Microsoft's
// do, with accounts, a shared mailbox and faults to switch on.
//
// It serves to try Mailgrant, to show it and to test it without Microsoft.
// What it answers follows Microsoft's documentation and captured answers; it
// is not a mail server to rely on. Everything listens on loopback only, and
// everything in it, passwords included, is made up and forgotten at Close.
package practice
