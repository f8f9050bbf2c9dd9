// Package metrics knows how to tell Prometheus what a snapshot says, and counts what a snapshot cannot say: how often
// things happened and how long they took.
package metrics
