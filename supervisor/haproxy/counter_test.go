package haproxy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNumbersOfProxies(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       map[string]int
		err        string
	}{
		{"several", "# pxname,svname,status,type,iid,\nweb,s1,UP,2,7,\nweb,s2,UP,2,7,\ndb,s1,DOWN,2,9,\n", map[string]int{"web": 7, "db": 9}, ""},
		{"no column", "# pxname,svname,status,type,\nweb,s1,UP,2,\n", map[string]int{}, ""},
		{"no number", "# pxname,svname,status,type,iid,\nweb,s1,UP,2,x,\nweb,s1,UP,2,-1,\n", map[string]int{}, ""},
		{"no heading", "Unknown command", nil, "cannot read HAProxy's statistics: no heading"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseNumbers(row.text)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if (err == nil) != (row.err == "") || err != nil && err.Error() != row.err {
				t.Errorf("got %v, want %s", err, row.err)
			}
		})
	}
}
