// Package state decides: it knows what lbsup believes about this node, and what follows from each thing that happens.
//
// It is pure. Step takes the state and one event and returns the next state and the actions that follow; time is inside
// the event, effects are the adapters' work.
package state
