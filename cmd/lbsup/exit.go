package main

// The exit codes. They are in the manual and never change.
const (
	exitOK         = 0
	exitNo         = 1  // refused, not healthy, not well, or it could not be done
	exitUsage      = 2  // the command line itself is wrong
	exitNotRunning = 3  // no supervisor answers
	exitChanges    = 10 // plan: a reload would change something; diff: the two differ
)

// outcome is one exit code of a command with what it means there.
type outcome struct {
	code    int
	meaning string
}

// Outcomes that several commands share.
var (
	usageWrong = outcome{exitUsage, "the command line is wrong"}
	notRunning = outcome{exitNotRunning, "the supervisor is not running"}
)
