package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

const plan = `{"instances":[{"name":"VI_1","cases":[
	{"name":"kill-9-haproxy","outcome":"moves","worst_ms":60,"formula":"a + b"},
	{"name":"sigstop-haproxy","outcome":"moves","worst_ms":1600,"formula":"c"},
	{"name":"host-dead","outcome":"moves","worst_ms":620,"formula":"d"},
	{"name":"lbsup-killed","outcome":"stays","worst_ms":0},
	{"name":"link-enc6","outcome":"moves","worst_ms":40}]}]}`

func TestPromises(t *testing.T) {
	got, err := Promises([]byte(plan))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Promise{
		"kill-9-haproxy": {60, "a + b"}, "sigstop-haproxy": {1600, "c"}, "network-cut": {620, "d"}, "power-off": {620, "d"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, row := range []struct{ name, text, want string }{
		{"no JSON", "x", "cannot read the plan: invalid character 'x' looking for beginning of value"},
		{"no instance", "{}", "cannot read the plan: it has no instance"},
	} {
		if _, err := Promises([]byte(row.text)); err == nil || err.Error() != row.want {
			t.Errorf("%s: got %v, want %s", row.name, err, row.want)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, row := range []struct {
		name   string
		worst  float64
		values []float64
		want   string
	}{
		{"kept", 100, []float64{40, 60}, kept},
		{"just kept", 60, []float64{40, 60}, kept},
		{"just tight enough", 120, []float64{40, 60}, kept},
		{"one value took longer", 59, []float64{40, 60}, "broken: it took longer"},
		{"it never came", 59, []float64{never}, "broken: it took longer"},
		{"far above", 121, []float64{40, 60}, "loose: more than twice the p99"},
	} {
		if got := judge(row.worst, outage(pair.Lbsup, "x", row.values...)); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestCompare(t *testing.T) {
	promises, err := Promises([]byte(plan))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if wrong := Compare(&b, example(), promises); wrong != 0 {
		t.Errorf("got %d wrong", wrong)
	}
	golden(t, "compare.txt", b.String())
	broken := []result.Row{outage(pair.Lbsup, "power-off", 700)}
	if wrong := Compare(&b, broken, promises); wrong != 1 {
		t.Errorf("a broken promise: got %d wrong", wrong)
	}
}

func TestMeasuredOf(t *testing.T) {
	moved := func(values ...float64) result.Row {
		return row(failover.Takeover, pair.Lbsup, "kill-9-keepalived", values...)
	}
	silent := outage(pair.Lbsup, "kill-9-keepalived", 21, 51)
	for _, tc := range []struct {
		name string
		rows []result.Row
		want result.Number
	}{
		{"the outage", []result.Row{silent, moved(40)}, 51},
		{"the move, where the holder went on answering", []result.Row{silent, moved(487)}, 487},
		{"the outage alone", []result.Row{silent}, 51},
	} {
		if got, ok := measuredOf(tc.rows, "kill-9-keepalived"); !ok || got.P99 != tc.want {
			t.Errorf("%s: got %v, %v", tc.name, got.P99, ok)
		}
	}
	if _, ok := measuredOf([]result.Row{moved(40)}, "kill-9-keepalived"); ok {
		t.Error("without an outage nothing was measured")
	}
}

func FuzzPromises(f *testing.F) {
	f.Add([]byte(plan))
	f.Add([]byte(`{"instances":[{"cases":null}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if got, err := Promises(text); err != nil && got != nil {
			t.Errorf("an error, and promises: %v, %v", err, got)
		}
	})
}
