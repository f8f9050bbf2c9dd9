// Package systemd knows how to ask systemd about units and to start, reload and signal them over D-Bus, and how lbsup
// itself is a good service: ready, watchdog, and sockets that systemd holds.
package systemd
