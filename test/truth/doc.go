// Package truth proves on booted hosts that lbsup says who has a VIP: split brain is seen on both sides and told from a dead peer, and a keepalived that
// is killed leaves no address behind.
package truth
