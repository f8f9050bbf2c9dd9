// Package demo is the tale of a pair that is broken in every way that a person at a keyboard can think of, and heals: its acts, played on
// real daemons in a lab.
package demo
