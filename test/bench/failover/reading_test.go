package failover

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

var never = math.Inf(1)

func TestReading(t *testing.T) {
	silent := []lab.Sample{good(95, 1), bad(100, 1), good(110, 2)}
	for _, row := range []struct {
		name    string
		samples []lab.Sample
		landed  time.Time
		over    bool
		want    Reading
	}{
		{"it moved and answers", silent, at(107), true, Reading{Outage: 12, Takeover: 7}},
		{"it answers where it was", silent, time.Time{}, true, Reading{Outage: 12}},
		{"it was not over when the time was up", silent, time.Time{}, false, Reading{Outage: never}},
		{"it moved and does not answer", []lab.Sample{bad(100, 1)}, at(107), true, Reading{Outage: never, Takeover: 7}},
		{"no request failed", []lab.Sample{good(100, 1)}, at(107), true, Reading{Outage: 0, Takeover: 7}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := reading(row.samples, at(100), row.landed, row.over)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOver(t *testing.T) {
	answers := func(from int, failed ...lab.Sample) []lab.Sample {
		for i := range streak {
			failed = append(failed, good(float64(from+5*i), 1))
		}
		return failed
	}
	stays, lands := blow{}, blow{lands: true}
	for _, row := range []struct {
		name    string
		blow    blow
		samples []lab.Sample
		landed  time.Time
		want    bool
	}{
		{"not felt yet", stays, answers(105), time.Time{}, false},
		{"it answers again where it was", stays, answers(115, bad(105, 1)), time.Time{}, true},
		{"it moved before any request failed", stays, answers(115), at(110), true},
		{"it moved and answers", lands, answers(115, bad(105, 1)), at(110), true},
		{"it moved and is not steady yet", lands, append(answers(115), bad(700, 1)), at(110), false},
		{"it answers and has not moved", lands, answers(115, bad(105, 1)), time.Time{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.blow.over(row.samples, row.landed, at(100)); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestReadingSinceVerdict(t *testing.T) {
	samples := []lab.Sample{good(95, 1), bad(105, 1), bad(2990, 1), bad(3100, 1), good(3105, 5)}
	for _, row := range []struct {
		name    string
		samples []lab.Sample
		landed  time.Time
		over    bool
		want    Reading
	}{
		{"from the verdict to the answer", samples, at(3090), true, Reading{Outage: 110, Takeover: 90}},
		{"it was not over when the time was up", samples, time.Time{}, false, Reading{Outage: never}},
		{"it answered again before the verdict", []lab.Sample{bad(105, 1), good(110, 1)}, at(3001), true, Reading{Outage: 0, Takeover: 1}},
		{"no request failed", []lab.Sample{good(105, 1)}, at(3001), true, Reading{Outage: never, Takeover: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := readingSince(row.samples, at(100), at(3000), row.landed, row.over)
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadingText(t *testing.T) {
	for _, row := range []struct {
		reading Reading
		want    string
	}{
		{Reading{Outage: 12.4, Takeover: 7}, "silent 12 ms, moved in 7 ms"},
		{Reading{Outage: never}, "silent never"},
		{Reading{Moves: 0, FailedChecks: 2, FailedRequests: 1}, "2 failed checks, 1 failed requests, 0 moves"},
	} {
		if got := row.reading.String(); got != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}

func TestBetween(t *testing.T) {
	own := []lab.Sample{bad(100, 1), bad(105, 1), good(110, 1), good(115, 1), bad(300, 800)}
	for _, row := range []struct {
		name string
		vip  []lab.Sample
		over bool
		want float64
	}{
		{"from the question that was answered to the answer of the VIP", []lab.Sample{bad(105, 1), bad(200, 1), good(205, 3)}, true, 98},
		{"the VIP answered first", []lab.Sample{bad(90, 1), good(95, 3)}, true, 0},
		{"it did not", []lab.Sample{bad(105, 1), bad(200, 1)}, true, never},
		{"it did so once", []lab.Sample{bad(105, 1), good(200, 1)}, false, never},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := between(own, row.vip, row.over); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func TestSilentFor(t *testing.T) {
	for _, row := range []struct {
		name    string
		samples []lab.Sample
		want    bool
	}{
		{"nothing was sent", nil, false},
		{"a second of failures", []lab.Sample{good(0, 1), bad(5, 1), bad(500, 1), bad(1005, 1)}, true},
		{"half a second", []lab.Sample{good(0, 1), bad(505, 1), bad(1005, 1)}, false},
		{"an answer among them", []lab.Sample{bad(5, 1), good(500, 1), bad(1005, 1)}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := silentFor(row.samples, time.Second); got != row.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
