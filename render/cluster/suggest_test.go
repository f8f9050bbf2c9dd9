package cluster

import "testing"

func TestDidYouMean(t *testing.T) {
	known := []string{"roundrobin", "leastconn", "source", "eth1", "eth0", "x"}
	for _, row := range []struct{ name, word, want string }{
		{"a letter too few", "leastcon", `did you mean "leastconn"?`},
		{"two letters changed places", "roundrobni", `did you mean "roundrobin"?`},
		{"another case", "SOURCE", `did you mean "source"?`},
		{"the first by name of two as near", "eth2", `did you mean "eth0"?`},
		{"nothing like it", "kubernetes", ""},
		{"nothing but a letter in common", "y", ""},
		{"nothing at all", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) { wants(t, "hint", row.want, didYouMean(row.word, known)) })
	}
}

func TestOneOf(t *testing.T) {
	wants(t, "none", "", oneOf(nil))
	wants(t, "one", "a", oneOf([]string{"a"}))
	wants(t, "two", "a or b", oneOf([]string{"a", "b"}))
	wants(t, "three", "a, b or c", oneOf([]string{"a", "b", "c"}))
	wants(t, "many", "a, a, a, a, a, a, a, a, a, a, a, a or another one", oneOf(some([]string{"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "a"})))
}
