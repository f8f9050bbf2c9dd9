package failover

import (
	"errors"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

var zero = time.Unix(1_800_000_000, 0)

func at(ms float64) time.Time { return zero.Add(time.Duration(ms * float64(time.Millisecond))) }

// good is a request sent at one time and answered after another; bad one that failed.
func good(sent, took float64) lab.Sample {
	return lab.Sample{At: at(sent), Took: at(took).Sub(zero), From: "control0"}
}

func bad(sent, took float64) lab.Sample {
	return lab.Sample{At: at(sent), Took: at(took).Sub(zero), Err: errors.New("refused")}
}

func TestSilence(t *testing.T) {
	for _, row := range []struct {
		name    string
		samples []lab.Sample
		length  float64
		ended   bool
		failed  int
	}{
		{"nothing was sent", nil, 0, true, 0},
		{"all well", []lab.Sample{good(95, 1), good(100, 1), good(105, 1)}, 0, true, 0},
		{"from the first failed request to the arrival of the first answer after it",
			[]lab.Sample{good(100, 1), bad(105, 0.1), bad(110, 800), good(115, 2)}, 12, true, 2},
		{"a later request may be answered first",
			[]lab.Sample{bad(105, 0.1), good(110, 300), good(115, 2)}, 12, true, 1},
		{"an answer in between does not end it",
			[]lab.Sample{bad(105, 0.1), good(110, 1), bad(115, 1), good(120, 1)}, 16, true, 2},
		{"an answer that was asked for before the last failure does not end it",
			[]lab.Sample{bad(105, 0.1), good(110, 200), bad(115, 1), good(120, 5)}, 20, true, 2},
		{"a request under way when the blow fell belongs to it",
			[]lab.Sample{bad(98, 10), good(103, 1)}, 6, true, 1},
		{"a failure before the blow does not", []lab.Sample{bad(90, 2), good(95, 1), good(105, 1)}, 0, true, 0},
		{"no answer yet", []lab.Sample{good(100, 1), bad(105, 800), bad(110, 800)}, 0, false, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			length, ended := silence(row.samples, at(100))
			if milliseconds(length) != row.length || ended != row.ended {
				t.Errorf("got %v, ended %v; want %v ms, ended %v", length, ended, row.length, row.ended)
			}
			if n := failed(row.samples, at(100)); n != row.failed {
				t.Errorf("got %d failed requests, want %d", n, row.failed)
			}
		})
	}
}

func TestSteady(t *testing.T) {
	var samples []lab.Sample
	for i := range streak {
		samples = append(samples, good(float64(100+5*i), 1))
	}
	broken := append([]lab.Sample(nil), samples...)
	broken[3] = bad(115, 1)
	for _, row := range []struct {
		name    string
		samples []lab.Sample
		after   time.Time
		want    bool
	}{
		{"nothing was sent", nil, at(0), false},
		{"a streak", samples, at(99), true},
		{"one short of a streak", samples[1:], at(99), false},
		{"the first of them was sent before", samples, at(100), false},
		{"one of them failed", broken, at(99), false},
		{"what failed before the streak does not matter", append([]lab.Sample{bad(90, 1)}, samples...), at(99), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := steady(row.samples, row.after); got != row.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
