// Package timeline knows what is worth telling of what happens on a node, and how one thing led to another.
//
// It is pure: Derive turns a step of the state into moments, Gate keeps a flood of them small, Explain finds the cause
// of a move among them.
package timeline
