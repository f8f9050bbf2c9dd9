package cluster

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// smallest is the least that a cluster file can say.
const smallest = `cluster: web
nodes: [{name: lb1, address: 192.0.2.11}]
vrrp:
  instances: [{name: VI_1, router_id: 51, interface: eth0, addresses: [{address: 192.0.2.10/24}]}]
services: [{name: web, bind: ["*:80"], servers: [{name: web1, address: "192.0.2.21:80"}]}]
`

// The bad files that are better made than stored.
func TestBytesThatAreNoClusterFile(t *testing.T) {
	const latin = "  hint: iconv -t UTF-8 converts it, with -f ISO-8859-1 from Latin-1, with -f UTF-16 from UTF-16\n"
	const first = "  hint: a cluster file begins with the keys cluster, nodes, vrrp and services\n"
	for _, row := range []struct {
		name string
		data []byte
		want string
	}{
		{"nothing at all", nil, "f:1:1: cannot use an empty file: got nothing but blanks and comments, want a cluster\n" + first},
		{"blanks", []byte("\n \n\n"), "f:1:1: cannot use an empty file: got nothing but blanks and comments, want a cluster\n" + first},
		{"ten megabytes", bytes.Repeat([]byte("#"), 10<<20), "f:1:1: cannot use a file of this size: got 10485760 bytes, want at most 1048576\n"},
		{"a program", []byte("\x7fELF\x02\x01\x01\x00\x00"), "f:1:1: cannot use a file that is not text: got the character U+007F, want YAML in UTF-8\n"},
		{"a NUL", []byte("cluster: a\nnodes:\x00\n"), "f:2:7: cannot use a file that is not text: got the character U+0000, want YAML in UTF-8\n"},
		{"Latin-1", []byte("# zwölf\ncluster: b\xfccher\n"), "f:2:11: cannot use a file that is not text: got the byte 0xfc, want YAML in UTF-8\n" + latin},
		{"Latin-1 behind a letter of two bytes", []byte("# ö\xfc\n"), "f:1:4: cannot use a file that is not text: got the byte 0xfc, want YAML in UTF-8\n" + latin},
		{"UTF-16", []byte("\xff\xfec\x00l\x00"), "f:1:1: cannot use a file that is not text: got the byte 0xff, want YAML in UTF-8\n" + latin},
		{"a control character", []byte("cluster: \x01\n"), "f:1:10: cannot use a file that is not text: got the character U+0001, want YAML in UTF-8\n"},
		{"a byte order mark in the middle", []byte("cluster: \ufeff\n"), "f:1:10: cannot use a file that is not text: got the character U+FEFF, want YAML in UTF-8\n"},
		{"an anchor that explodes", explosion(), "f:1:4: cannot use an anchor: got &a, want the value alone\n  hint: write the value out where it is needed\n"},
		{"brackets without end", bytes.Repeat([]byte("["), 1<<20), "f:1:1: cannot read the file: got broken YAML (exceeded max depth of 10000), want valid YAML\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, problems := Parse("f", row.data)
			got := told(problems)
			if row.name == "an anchor that explodes" {
				got = told(problems[:1])
			}
			if diff := cmp.Diff(row.want, got); diff != "" || c != nil {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// explosion is a kilobyte that would become gigabytes if its aliases were followed.
func explosion() []byte {
	out := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'z'; c++ {
		out += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 9) + "]\n"
	}
	return []byte(out)
}

func TestParseIsTheSameEveryTime(t *testing.T) {
	for name, data := range clusterFiles(t) {
		first, _ := Parse(name, data)
		for range 5 {
			again, problems := Parse(name, data)
			if diff := cmp.Diff(first, again, sameAddresses); diff != "" || len(problems) > 0 {
				t.Fatalf("%s: parsed differently the second time: %v\n%s", name, problems, diff)
			}
		}
	}
}

// A file of many mistakes that each look for a similar name must not take long. There is no clock here: a quadratic
// search over these would outlast the deadline of the whole test run.
func TestManyMistakesAreBounded(t *testing.T) {
	var big strings.Builder
	big.WriteString(smallest + "checks:\n")
	for i := 0; big.Len() < maxSize-100; i++ {
		n := strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i%5)
		big.WriteString("  c" + n + strconv.Itoa(i) + ": {any: [c" + strconv.Itoa(i+1) + ", d" + strconv.Itoa(i) + "]}\n")
	}
	_, problems := Parse("f", []byte(big.String()))
	if len(problems) != maxListed+1 {
		t.Fatalf("got %d problems, want %d and one that says how many there are", len(problems), maxListed)
	}
	last := problems[maxListed]
	if !strings.HasPrefix(last.Message, "cannot list every problem: got ") || last.Hint != "repair these first and look again" {
		t.Errorf("the last problem is %v", last)
	}
}

// A chain of checks as long as the file allows is no reason to stumble.
func TestLongChainOfChecks(t *testing.T) {
	var big strings.Builder
	big.WriteString(smallest + "checks:\n")
	links := 0
	for ; big.Len() < maxSize-100; links++ {
		big.WriteString("  c" + strconv.Itoa(links) + ": {any: [c" + strconv.Itoa(links+1) + "]}\n")
	}
	big.WriteString("  c" + strconv.Itoa(links) + ": {tcp: \"localhost:80\"}\n")
	c, problems := Parse("f", []byte(big.String()))
	if len(problems) > 0 {
		t.Fatal(told(problems[:1]))
	}
	if last := c.Checks[len(c.Checks)-1].Name; last != "c0" || len(c.Checks) != links+2 {
		t.Errorf("got %d checks that end with %q, want %d that end with c0", len(c.Checks), last, links+2)
	}
}
