// Package packaging knows what of lbsup a distribution's package brings besides the programs: units, users, directories, the polkit rule,
// the drop-ins for the two daemons' units. It holds no code; its tests install it all on booted hosts and look at what holds.
package packaging
