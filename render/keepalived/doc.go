// Package keepalived knows how one node's view of the cluster is written as a keepalived configuration, and which priority an
// instance has in which state of health.
package keepalived
