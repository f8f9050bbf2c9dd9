// Package pair proves, on booted hosts with the real daemons, that a pair which lbsup drives keeps its VIPs answering: whatever dies, is cut,
// is edited wrongly or is missing, and that it heals without a hand.
package pair
