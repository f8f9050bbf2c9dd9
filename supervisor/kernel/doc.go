// Package kernel knows what the kernel says of this host: which processes have ended, which addresses it has, and which of
// its links are up. Nothing in it needs a privilege.
package kernel
