// Package page looks at the status page with a real browser, in each state that a pair can be in.
package page
