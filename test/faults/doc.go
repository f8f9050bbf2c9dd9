// Package faults breaks each promised thing in the middle of a change, on booted hosts with the real daemons: after every fault either the old or the new
// generation runs whole, lbsup status says which, the VIP has not moved, no client was left alone, and the next lbsup reload works.
package faults
