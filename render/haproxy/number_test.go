package haproxy

import (
	"strconv"
	"testing"

	"github.com/lbsup/lbsup/render/cluster"
)

// twins are two names that make the same number.
var twins = func() [2]string {
	seen := map[int]string{}
	for i := 0; ; i++ {
		name := "s" + strconv.Itoa(i)
		if first, is := seen[number(name, 0)]; is {
			return [2]string{first, name}
		}
		seen[number(name, 0)] = name
	}
}()

func hashed(names ...string) cluster.Pool {
	pool := cluster.Pool{Balance: "source"}
	for _, name := range names {
		pool.Servers = append(pool.Servers, cluster.Server{Name: name})
	}
	return pool
}

func TestNumbersStay(t *testing.T) {
	one := numbersOf(hashed("a", "b", "c"))
	for _, pool := range []cluster.Pool{hashed("c", "b", "a"), hashed("new", "a", "b", "c"), hashed("a", "c"), hashed("b")} {
		for name, n := range numbersOf(pool) {
			if was, is := one[name]; is && n != was {
				t.Errorf("%v: server %s has number %d, and %d in another pool", pool.Servers, name, n, was)
			}
		}
	}
	roundrobin := hashed("a")
	roundrobin.Balance = "roundrobin"
	if got := numbersOf(roundrobin); got != nil {
		t.Errorf("roundrobin: got %v, want no numbers", got)
	}
}

// TestNumbersDiffer has as many servers as a pool can have, and two that want the same number.
func TestNumbersDiffer(t *testing.T) {
	var names []string
	for i := range 10_000 {
		names = append(names, "server"+strconv.Itoa(i))
	}
	seen := map[int]string{}
	for name, n := range numbersOf(hashed(append(names, twins[:]...)...)) {
		if n < 1 || n >= numbers {
			t.Fatalf("%s has number %d", name, n)
		}
		if other, taken := seen[n]; taken {
			t.Fatalf("%s and %s have number %d", name, other, n)
		}
		seen[n] = name
	}
	first := numbersOf(hashed(twins[0], twins[1]))
	if alone := numbersOf(hashed(twins[0])); alone[twins[0]] != first[twins[0]] {
		t.Error("the one that comes first lost its number to another")
	}
}
