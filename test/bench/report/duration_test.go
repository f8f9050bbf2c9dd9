package report

import (
	"testing"

	"github.com/lbsup/lbsup/test/bench/result"
)

func TestMilliseconds(t *testing.T) {
	for _, row := range []struct {
		value result.Number
		want  string
	}{
		{0, "0"}, {0.04, "0.0 ms"}, {9.94, "9.9 ms"}, {9.96, "10 ms"}, {31.4, "31 ms"}, {1414, "1414 ms"}, {9999.4, "9999 ms"}, {9999.6, "10.0 s"},
		{22331, "22.3 s"}, {result.Never(), "never"},
	} {
		if got := ms(row.value); got != row.want {
			t.Errorf("%v: got %q, want %q", float64(row.value), got, row.want)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, row := range []struct {
		name         string
		theirs, ours result.Number
		want         string
	}{
		{"a little", 15, 10, "1.5×"},
		{"much", 22331, 11.2, "1,994×"},
		{"very much", 1e9, 1, "1,000,000,000×"},
		{"less", 5, 10, "0.5×"},
		{"theirs never ended", result.Never(), 10, "∞"},
		{"ours never ended", 10, result.Never(), ""},
		{"ours was none", 10, 0, ""},
		{"theirs was none", 0, 10, ""},
	} {
		if got := times(row.theirs, row.ours); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestValue(t *testing.T) {
	for _, row := range []struct {
		value result.Number
		unit  string
		want  string
	}{
		{3, result.Moves, "3"}, {0, result.FailedChecks, "0"}, {0.4, result.Percent, "0.40"}, {15.737, result.Megabytes, "15.74"}, {5, result.Milliseconds, "5.0 ms"},
	} {
		if got := value(row.value, row.unit); got != row.want {
			t.Errorf("%v %s: got %q, want %q", float64(row.value), row.unit, got, row.want)
		}
	}
}
