// Package notify knows how to tell programs and web servers of what happens on a node: each in its own time, and nobody
// waits for any of them.
package notify
