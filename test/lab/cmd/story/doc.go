// Package story tells what happens in acts: it knows how a tale looks on a terminal or in a log, what a client's requests prove, and that an
// act which fails ends it.
package story
