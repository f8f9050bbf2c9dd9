package haproxy

import (
	"hash/fnv"
	"strconv"

	"github.com/lbsup/lbsup/render/cluster"
)

// numbers is how many numbers tell servers apart on the ring of a consistent hash: HAProxy multiplies a server's number by 4096
// in 32 bits, so what is above falls on the places of another server.
const numbers = 1 << 20

// numbersOf are the numbers of the servers of a pool whose algorithm is a hash, nil for another. HAProxy numbers servers by their
// places, so that one that comes or goes would make others of all behind it, and send their clients elsewhere. A number that is
// made from the name stays (Configuration Manual, 4.2 "hash-type", and 5.2 "id").
func numbersOf(pool cluster.Pool) map[string]int {
	if pool.Balance == "" || !hashes(pool.Balance) {
		return nil
	}
	of, taken := make(map[string]int, len(pool.Servers)), make(map[int]bool, len(pool.Servers))
	for _, s := range pool.Servers {
		n := number(s.Name, 0)
		for again := 1; taken[n]; again++ {
			n = number(s.Name, again)
		}
		of[s.Name], taken[n] = n, true
	}
	return of
}

// number is from 1 to numbers-1: HAProxy takes no 0.
func number(name string, again int) int {
	h := fnv.New32a()
	h.Write([]byte(name))
	if again > 0 {
		h.Write([]byte("/" + strconv.Itoa(again)))
	}
	return 1 + int(h.Sum32()%(numbers-1))
}
