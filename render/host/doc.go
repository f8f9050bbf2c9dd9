// Package host knows what a cluster file needs of the host it runs on: which packets the firewall must let in and which sysctls matter, each with
// its reason.
package host
