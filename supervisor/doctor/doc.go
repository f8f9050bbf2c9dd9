// Package doctor knows how a host and its pair are examined: which facts matter, what they mean for this cluster file, and which command helps.
//
// Examine is pure: facts in, findings out. The facts are gathered by Gather, through the few things that it asks of a Host.
package doctor
