package haproxy

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestParseTallies(t *testing.T) {
	const heading = "# pxname,svname,status,type,iid,\n"
	for _, row := range []struct {
		name, text string
		want       map[string]Tally
		err        string
	}{
		{"several", heading + "web,s1,UP,2,7,\nweb,s2,DOWN,2,7,\ndb,s1,DOWN,2,9,\n", map[string]Tally{"web": {1, 2, 7}, "db": {0, 1, 9}}, ""},
		{"several answers", heading + "web,s1,UP,2,7,\n\n" + heading + "\n" + heading + "db,s1,no check,2,9,\n\n", map[string]Tally{"web": {1, 1, 7}, "db": {1, 1, 9}}, ""},
		{"what is no server", heading + "web,FRONTEND,OPEN,0,2,\nweb,BACKEND,UP,1,7,\n", map[string]Tally{}, ""},
		{"no column", "# pxname,svname,status,type,\nweb,s1,UP,2,\n", map[string]Tally{"web": {1, 1, 0}}, ""},
		{"no number", heading + "web,s1,UP,2,x,\n", map[string]Tally{"web": {1, 1, 0}}, ""},
		{"no heading", "Unknown command", nil, "cannot read HAProxy's statistics: no heading"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseTallies(row.text)
			if diff := cmp.Diff(row.want, got, cmp.AllowUnexported(Tally{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if (err == nil) != (row.err == "") || err != nil && err.Error() != row.err {
				t.Errorf("got %v, want %s", err, row.err)
			}
		})
	}
}

var tallyNumbers = cmpopts.IgnoreUnexported(Tally{})

// More backends than one question is about, in a real worker: with no number known, with all of them, with those of another worker, and with one that is
// nobody's.
func TestCount(t *testing.T) {
	d := newDaemon(t)
	const n = 2*together + 1
	var config strings.Builder
	var names []string
	want := map[string]Tally{}
	for i := range n {
		name := fmt.Sprintf("b%d", i)
		fmt.Fprintf(&config, "backend %s\n\tserver one 127.0.0.1:9\n\tserver two 127.0.0.1:9 disabled\n", name)
		names, want[name] = append(names, name), Tally{Up: 1, Total: 2}
	}
	d.configure("first", config.String()+"backend empty\n")
	d.started()
	c := &Counter{Runtime: d.runtime()}
	for _, row := range []struct {
		name  string
		upset func()
	}{
		{"nothing is known", func() {}},
		{"all is known", func() {}},
		{"the numbers of two are exchanged", func() { c.numbers["b0"], c.numbers["b1"] = c.numbers["b1"], c.numbers["b0"] }},
		{"one is that of another", func() { c.numbers["b0"] = c.numbers["b1"] }},
		{"one is nobody's", func() { c.numbers["b0"] = 9999 }},
	} {
		row.upset()
		got, err := c.Count(d.context(), names)
		if err != nil {
			t.Fatalf("%s: %v", row.name, err)
		}
		delete(got, "out") // who learns the numbers sees all
		if diff := cmp.Diff(want, got, tallyNumbers); diff != "" {
			t.Errorf("%s (-want +got)\n%s", row.name, diff)
		}
	}
	got, err := c.Count(d.context(), []string{"b0", "empty", "none"})
	if _, known := got["none"]; err != nil || known || got["b0"] != (Tally{1, 2, got["b0"].number}) || got["empty"].Total != 0 {
		t.Errorf("got %v, %v", got["b0"], err)
	}
	ctx, cancel := context.WithCancel(d.context())
	cancel()
	if _, err := c.Count(ctx, names); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What is known is asked for alone.
func TestCountQuestions(t *testing.T) {
	c := &Counter{numbers: map[string]int{"web": 7, "db": 9, "other": 11}}
	if diff := cmp.Diff([]string{"show stat 7 4 -1", "show stat 9 4 -1"}, c.questions([]string{"web", "db"})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := c.questions([]string{"web", "new"}); got != nil {
		t.Errorf("got %q although not all are known", got)
	}
}

func FuzzParseTallies(f *testing.F) {
	f.Add("# pxname,svname,status,type,iid,\nweb,s1,UP,2,7,\n\n# pxname,svname,status,type,iid,\n")
	f.Add("# pxname,svname,status,type,\n\"web\nx\",s1,UP,2,\n#,,,2")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseTallies(text)
		if err != nil && got != nil {
			t.Errorf("an error, and an answer: %v, %v", err, got)
		}
		for backend, tally := range got {
			if tally.Up < 0 || tally.Up > tally.Total || tally.Total == 0 {
				t.Errorf("%q: got %+v", backend, tally)
			}
		}
	})
}
