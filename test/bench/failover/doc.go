// Package failover knows how long a client goes without an answer when a part of the holder dies, and how that is measured.
//
// The client asks the VIP every 5 ms, each time with a new connection, and gives each request 800 ms: less than the second after which TCP sends a lost
// SYN again, so that a request whose first packet was lost counts as what it is. The outage lasts from the moment when the first request that failed was
// sent until the first good answer arrived to a request that was sent after the last one that failed. Whatever happened between the two, also a good answer, is part of it.
// Where no request failed there was no outage, and its length is 0: it was shorter than the time between two requests.
package failover
