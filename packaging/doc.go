// Package packaging knows what of lbsup a distribution's package brings besides the programs: units, users, directories, the polkit rule, the drop-ins
// for the two daemons' units, firewalld services, what shells complete, and how the packages themselves are made (deb, rpm). It holds no Go code; its
// tests install it all on booted hosts and look at what holds.
package packaging
