package story

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/lab"
)

var start = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// report makes requests 10 ms apart: a dot was answered within a millisecond, an x was not.
func report(pattern string) lab.Report {
	var samples []lab.Sample
	for i, c := range pattern {
		sample := lab.Sample{At: start.Add(time.Duration(i) * 10 * time.Millisecond), Took: time.Millisecond, From: "s"}
		if c == 'x' {
			sample.Err = errors.New("refused")
		}
		samples = append(samples, sample)
	}
	return lab.NewReport(samples)
}

func TestVerdicts(t *testing.T) {
	many := strings.Repeat(".", 50)
	for _, row := range []struct {
		name                string
		report              lab.Report
		unbroken, recovered string
		requests, silence   string
	}{
		{"all answered", report(many), "", "", "50 requests, all answered", "never silent"},
		{"too few to prove anything", report("..."), "expected 50 requests at least; got 3", "expected 50 requests at least; got 3",
			"3 requests, all answered", "never silent"},
		{"none", report(""), "expected 50 requests at least; got 0", "expected 50 requests at least; got 0", "0 requests, all answered", "never silent"},
		{"a short silence", report(many + "xx."), "expected no failed request; got 53 requests, 2 failed; silent for 30 ms (refused)", "",
			"53 requests, 51 answered, 2 failed", "silent for 30 ms"},
		{"a long silence", report(many + strings.Repeat("x", 9) + "."), "expected no failed request; got 60 requests, 9 failed; silent for 100 ms (refused)",
			"expected a silence of 50ms at most; got 60 requests, 9 failed; silent for 100 ms (refused)", "60 requests, 51 answered, 9 failed", "silent for 100 ms"},
		{"silent to the end", report(many + "x"), "expected no failed request; got 51 requests, 1 failed; silent for 10 ms (refused)",
			"expected answers at the end; got refused", "51 requests, 50 answered, 1 failed", "silent for 10 ms"},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := []string{row.unbroken, row.recovered, row.requests, row.silence}
			got := []string{text(Unbroken(row.report)), text(Recovered(row.report, 50*time.Millisecond)), Requests(row.report), Silence(row.report)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestFirstAnswer(t *testing.T) {
	for _, row := range []struct {
		name, pattern string
		want          time.Duration
		any           bool
	}{
		{"nothing was asked", "", 0, false},
		{"nobody answered", "xx", 0, false},
		{"at once", "..", time.Millisecond, true},
		{"later", "xx.x.", 21 * time.Millisecond, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, any := FirstAnswer(report(row.pattern))
			if any != row.any || any && got.Sub(start) != row.want {
				t.Errorf("got %v after %v, want %v after %v", any, got.Sub(start), row.any, row.want)
			}
		})
	}
	slow := report("..")
	slow.Samples[0].Took = time.Second
	if got, _ := FirstAnswer(slow); got.Sub(start) != 11*time.Millisecond {
		t.Errorf("the second was answered first, got %v", got.Sub(start))
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 ms", 1499 * time.Microsecond: "1 ms", 999 * time.Millisecond: "999 ms", time.Second: "1.0 s", 3649 * time.Millisecond: "3.6 s", 2 * time.Minute: "120.0 s",
	} {
		if got := Span(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
