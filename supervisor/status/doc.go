// Package status knows what a person or a program may be told about this node: the snapshot, and its text.
package status
