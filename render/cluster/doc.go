// Package cluster knows the cluster file: its types, its strict parser, everything that can be wrong in it, and the
// view that one node has of it.
package cluster
