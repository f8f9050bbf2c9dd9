// Package peers proves on booted hosts that each node of a pair tells the other how it is, that nothing is decided by it, and that hooks are run when
// the VIPs move.
package peers
