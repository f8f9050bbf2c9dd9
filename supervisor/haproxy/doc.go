// Package haproxy knows how to talk to a running HAProxy: its master CLI, its workers' runtime API, how its servers change
// without a reload, what proves that a reload took effect, and whether the process that serves is alive.
package haproxy
