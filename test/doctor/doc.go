// Package doctor holds the tests of lbsup doctor and lbsup host in booted hosts: each finding is provoked for real, named, and mended by the fix that
// it shows where there is one.
package doctor
