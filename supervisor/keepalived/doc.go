// Package keepalived knows how to hear what a running keepalived says of its VRRP instances, and how to make it read its
// configuration again.
package keepalived
