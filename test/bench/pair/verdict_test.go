package pair

import (
	"bufio"
	"strings"
	"testing"
)

func TestStatusIs(t *testing.T) {
	const head = "# pxname,svname,qcur,status,weight,\n"
	for _, row := range []struct {
		name, table string
		want        bool
		err         string
	}{
		{"down", head + "other,BACKEND,0,UP,1,\napi,BACKEND,0,DOWN,0,\n\n", true, ""},
		{"up", head + "api,BACKEND,0,UP,1,\n", false, ""},
		{"another is down", head + "other,BACKEND,0,DOWN,1,\napi,BACKEND,0,UP,1,\n", false, ""},
		{"not there", head, false, `cannot find "api" in HAProxy's table`},
		{"cut short", head + "api,BACKEND\n", false, `cannot find "api" in HAProxy's table`},
		{"nothing", "", false, `cannot find "api" in HAProxy's table`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := statusIs(bufio.NewScanner(strings.NewReader(row.table)), "api", "DOWN")
			if got != row.want || errorText(err) != row.err {
				t.Errorf("got %v, %v; want %v, %q", got, err, row.want, row.err)
			}
		})
	}
}

func FuzzStatusIs(f *testing.F) {
	f.Add("# pxname,svname,status\napi,BACKEND,DOWN\n")
	f.Add("status\napi")
	f.Fuzz(func(t *testing.T, table string) {
		if got, err := statusIs(bufio.NewScanner(strings.NewReader(table)), "api", "DOWN"); got && (err != nil || !strings.Contains(table, "DOWN")) {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
