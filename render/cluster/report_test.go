package cluster

import (
	"strings"
	"testing"
)

// A problem of something that was not written stands where the nearest thing around it is.
func TestWhereAProblemIs(t *testing.T) {
	r := newReport("f", []byte("a\nb\nc\n"))
	r.places["services[2]"] = place{3, 5}
	r.places["services[2].bind"] = place{4, 7}
	for _, row := range []struct {
		path string
		want place
	}{
		{"services[2].bind", place{4, 7}},
		{"services[2].bind[0]", place{4, 7}},
		{"services[2].check.http.path", place{3, 5}},
		{"services[1].name", place{1, 1}},
		{"stats", place{1, 1}},
	} {
		t.Run(row.path, func(t *testing.T) { wants(t, "is there", true, r.find(row.path) == row.want) })
	}
}

func TestProblemsAreInTheOrderOfTheFile(t *testing.T) {
	r := newReport("f", []byte("a\nb\n"))
	m := mistake{cannot: "x", got: "y", want: "z", hint: "h"}
	r.addAt(place{9, 9}, "beyond", m)
	r.addAt(place{2, 4}, "b", m)
	r.addAt(place{2, 4}, "a", m)
	r.addAt(place{2, 3}, "c", m)
	r.addAt(place{0, 0}, "", m)
	wants(t, "problems", Problems{
		{"f", 1, 1, "", "cannot x: got y, want z", "h"},
		{"f", 2, 3, "c", "cannot x: got y, want z", "h"},
		{"f", 2, 4, "a", "cannot x: got y, want z", "h"},
		{"f", 2, 4, "b", "cannot x: got y, want z", "h"},
		{"f", 3, 9, "beyond", "cannot x: got y, want z", "h"},
	}, r.problems())
	wants(t, "as an error", "f:1:1: cannot x: got y, want z\nf:2:3: c: cannot x: got y, want z", r.problems()[:2].Error())
}

func TestPaths(t *testing.T) {
	for _, row := range []struct{ name, path, key, want string }{
		{"at the top", "", "nodes", "nodes"},
		{"below", "services[0]", "name", "services[0].name"},
		{"a key with signs that names may have", "pools", "a-b_c:d", "pools.a-b_c:d"},
		{"a key with a dot", "pools", "a.b", `pools["a.b"]`},
		{"a key that is no name", "pools", "a b\n", `pools["a b\n"]`},
		{"a key that is a line of another file", "pools", strings.Repeat("a", 61), `pools["` + strings.Repeat("a", 60) + `…"]`},
		{"an empty key", "pools", "", `pools[""]`},
	} {
		t.Run(row.name, func(t *testing.T) { wants(t, "path", row.want, join(row.path, row.key)) })
	}
}
