// Package pair knows how people run a pair of load balancers: it sets two hosts of the lab up as one of its subjects describes, breaks the holder, watches the
// addresses, and tells when all is well again.
package pair
