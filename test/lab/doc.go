// Package lab boots pairs of load balancers out of this machine's own root file system and puts a network around them.
//
// A host of the lab is a systemd-nspawn container: an overlay over / whose upper layer is a tmpfs, with its own PID 1, journal,
// D-Bus, users and network namespace. Bridges live in a namespace of their own, so that nothing of the machine is
// changed: no link, address, route, unit or file outside /var/tmp and /run/netns, and those go with the lab. What the overlay does not
// show is what other file systems hold that are mounted below / (a separate /usr or /var).
//
//	           switch (bridges, one for each network)
//	    ┌──────────┬───────────┬───────────────┐
//	  node 1     node 2     backends         client
//	(systemd)  (systemd)   (stub servers,   (Client, Probe)
//	                        names over DNS)
//
// Up builds a lab from a Topology, Down removes it. The process that called Up owns the lab: its stub servers run in it. A lock on the lab's
// directory tells whether the owner lives, and the next Up, or Sweep, removes what a dead owner left behind.
//
// Everything here needs root, systemd-nspawn, ip and nsenter. Cgroup version 1 or 2, with systemd as PID 1 or without.
package lab
