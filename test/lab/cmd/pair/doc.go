// Package pair makes lbsup's OpenShift pair out of a lab of two hosts: it knows the cluster file, the VIPs, and when the pair is well.
package pair
