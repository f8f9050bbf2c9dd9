// Package haproxy knows how one node's view of the cluster is written as an HAProxy configuration, for the version of
// HAProxy that is installed.
package haproxy
