// Package store knows how the timeline is kept on disk: in segments that are only ever written at their end.
//
// A segment is a file of lines, each one moment as JSON. When one is full the next begins and the oldest goes, so that
// the whole is bounded. A line that a crash cut off is dropped when the store is opened. What was written is in the
// kernel's hands at once and outlives lbsup; it is on the disk within a second, so that a host that loses its power
// loses the last second.
package store
