// Package wire knows what is said on a network link below the firewall: VRRP adverts, also those that the firewall drops, and who answers
// for an address. It needs CAP_NET_RAW; Serve and Follow carry what one process with that capability hears to one without.
package wire
