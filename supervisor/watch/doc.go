// Package watch knows when files on disk may have changed. What it says only means "look again": it never reads a file.
package watch
