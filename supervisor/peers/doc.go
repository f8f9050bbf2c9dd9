// Package peers knows how the nodes of a cluster tell each other how they are: over TLS on which both sides prove which
// node they are, read-only, a little text each second. No decision rests on it.
package peers
