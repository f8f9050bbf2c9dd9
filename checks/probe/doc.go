// Package probe knows how to put the question of each kind of check, and how to keep asking it in time.
package probe
