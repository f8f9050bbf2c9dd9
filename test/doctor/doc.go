// Package doctor holds the tests of lbsup doctor and lbsup host in booted hosts: each finding is provoked for real, named, and mended by the fix that
// it shows where there is one. A ledger of every line in doctor's source fails for one that no host has shown, and for a fix that nobody has run.
package doctor
