// Package ruleset knows what an nftables ruleset does with a packet that comes in, as far as the ruleset alone tells: firewalld's and
// iptables-nft's too, for they are nftables underneath.
package ruleset
