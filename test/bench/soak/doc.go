// Package soak knows how to make life hard for a pair of lbsup without breaking it: both cores busy, memory filled and freed, the disk written, HAProxy reloaded all the time. Nothing
// may move and no check may fail.
package soak
