package pair

import (
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// traffic is a client that asks the pair's service over a VIP all the time, while the kernels tell where the VIP is.
type traffic struct {
	probe    *lab.Probe
	timeline *timeline
	began    time.Time
}

// watch starts the client and returns once it has been answered.
func (p *pair) watch(t *testing.T) *traffic {
	t.Helper()
	w := &traffic{timeline: p.follow(t, p.vips[0]), probe: p.Probe(p.url, 10*time.Millisecond, 2*time.Second)}
	t.Cleanup(func() { w.probe.Stop() })
	eventually(t, "the client is answered", func() bool { r := w.probe.Report(); return r.Sent-r.Failed > 5 })
	w.began = time.Now()
	return w
}

// story is where the VIP was since.
func (w *traffic) story() story { return w.timeline.now().since(w.began) }

// answered waits until the client has been answered by a request that it sends from now on.
func (w *traffic) answered(t *testing.T) {
	t.Helper()
	now := time.Now()
	eventually(t, "the client is answered", func() bool { return len(w.probe.Report().Since(now).Answered()) > 0 })
}

// undisturbed fails the test when a request went unanswered or the VIP has moved.
func (w *traffic) undisturbed(t *testing.T) {
	t.Helper()
	w.answered(t)
	report := w.probe.Stop().Since(w.began)
	if report.Failed > 0 {
		t.Errorf("the client met: %v", report)
	}
	if story := w.story(); len(story.moves) != 1 {
		t.Errorf("the VIP moved: %v", story)
	}
	t.Log(report)
}
