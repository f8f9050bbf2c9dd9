// Command bench measures lbsup, and the pairs that people run today beside it.
package main
