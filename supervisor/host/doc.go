// Package host knows how to give this host what render/host says it needs: firewalld services and sysctls. It needs root, leaves alone what is
// already right, and says what it did.
package host
