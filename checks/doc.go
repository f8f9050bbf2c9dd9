// Package checks knows what a check is, what a probe found, and when a row of findings becomes a verdict.
//
// It is pure: no clock, no I/O, no logger. Probes, the board that answers questions, the health socket and the
// track files are its subpackages.
package checks
