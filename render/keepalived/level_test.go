package keepalived

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/render/cluster"
)

func TestValue(t *testing.T) {
	tracked := []cluster.TrackedCheck{
		{Check: "haproxy", Effect: checks.Fault},
		{Check: "api", Effect: checks.Lower, Weight: 20},
		{Check: "disk", Effect: checks.Lower},
		{Check: "shown", Effect: checks.Report},
	}
	healthy := checks.Verdict{Health: checks.Healthy}
	fine := map[string]checks.Verdict{"haproxy": healthy}
	for _, c := range []struct {
		name     string
		preempt  bool
		node     string
		holder   bool
		verdicts map[string]checks.Verdict
		want     Level
	}{
		{"the first node", true, "n1", true, fine, Level{Value: 203, Effective: 253, Well: true, Reason: "well, number 1 of 2 in preference"}},
		{"the second node", true, "n0", false, fine, Level{Value: 200, Effective: 250, Well: true, Reason: "well, number 2 of 2 in preference"}},
		{"a holder without preemption", false, "n0", true, fine,
			Level{Value: 200, Effective: 250, Well: true, Reason: "well, number 2 of 2 in preference, keeps the address that it holds"}},
		{"its peer", false, "n1", false, fine, Level{Value: 199, Effective: 249, Well: true, Reason: "well, number 1 of 2 in preference"}},
		{"certain death", true, "n1", true, map[string]checks.Verdict{"haproxy": {Health: checks.Failed, Reason: "process 7 is gone"}},
			Level{Value: -254, Fault: true, Dead: true, Reason: "FAULT: haproxy failed (process 7 is gone)"}},
		{"death outranks doubt", true, "n1", true,
			map[string]checks.Verdict{"haproxy": {Health: checks.Failed}, "api": {Health: checks.Failed}},
			Level{Value: -254, Fault: true, Dead: true, Reason: "FAULT: haproxy failed"}},
		{"a doubtful HAProxy", true, "n1", true, map[string]checks.Verdict{"haproxy": {Health: checks.Doubtful, Reason: "silent for 250ms"}},
			Level{Value: 103, Effective: 153, Reason: "lowered by 100: haproxy in doubt (silent for 250ms)"}},
		{"an HAProxy that nobody has asked yet", true, "n1", false, nil,
			Level{Value: 103, Effective: 153, Reason: "lowered by 100: haproxy not answered yet"}},
		{"a weight", true, "n1", true, map[string]checks.Verdict{"haproxy": healthy, "api": {Health: checks.Failed, Reason: "503"}},
			Level{Value: 180, Effective: 230, Reason: "lowered by 23: api failed (503)"}},
		{"doubt weighs like failure there", true, "n1", true, map[string]checks.Verdict{"haproxy": healthy, "api": {Health: checks.Doubtful}},
			Level{Value: 180, Effective: 230, Reason: "lowered by 23: api in doubt"}},
		{"no weight", true, "n1", true, map[string]checks.Verdict{"haproxy": healthy, "disk": {Health: checks.Failed}},
			Level{Value: 152, Effective: 202, Reason: "lowered by 51: disk failed"}},
		{"two of them", true, "n1", true,
			map[string]checks.Verdict{"haproxy": healthy, "api": {Health: checks.Failed}, "disk": {Health: checks.Failed}},
			Level{Value: 132, Effective: 182, Reason: "lowered by 71: api failed; disk failed"}},
		{"not below the cap", true, "n1", true,
			map[string]checks.Verdict{"haproxy": {Health: checks.Doubtful}, "api": {Health: checks.Failed}},
			Level{Value: 103, Effective: 153, Reason: "lowered by 100: haproxy in doubt; api failed"}},
		{"doubt loses the address", false, "n0", true, map[string]checks.Verdict{"haproxy": healthy, "api": {Health: checks.Failed}},
			Level{Value: 173, Effective: 223, Reason: "lowered by 23: api failed"}},
		{"a report moves nothing", true, "n1", true, map[string]checks.Verdict{"haproxy": healthy, "shown": {Health: checks.Failed}},
			Level{Value: 203, Effective: 253, Well: true, Reason: "well, number 1 of 2 in preference"}},
		{"a stranger comes last", true, "other", false, fine, Level{Value: 200, Effective: 250, Well: true, Reason: "well, not in the order of preference"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := NewPlan(of(2, c.preempt, tracked...)).Instance("VI")
			got := p.Value(c.node, func(check string) checks.Verdict { return c.verdicts[check] }, c.holder)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("level (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevelOfARecoveringNode(t *testing.T) {
	tracked := []cluster.TrackedCheck{{Check: "haproxy", Effect: checks.Fault}, {Check: "api", Effect: checks.Lower, Weight: 20}}
	for _, c := range []struct {
		name     string
		standing Standing
		api      checks.Health
		want     Level
	}{
		{"a backup waits below every well node", Standing{Recovering: true}, checks.Healthy,
			Level{Value: 199, Effective: 249, Well: true, Reason: "lowered by 4: not well for long enough to take its place back"}},
		{"a holder does not wait", Standing{Recovering: true, Holder: true}, checks.Healthy,
			Level{Value: 203, Effective: 253, Well: true, Reason: "well, number 1 of 2 in preference"}},
		{"doubt adds to it", Standing{Recovering: true}, checks.Failed,
			Level{Value: 179, Effective: 229, Reason: "lowered by 24: api failed; not well for long enough to take its place back"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := NewPlan(of(2, true, tracked...)).Instance("VI")
			health := map[string]checks.Health{"haproxy": checks.Healthy, "api": c.api}
			got := p.Level("n1", func(check string) checks.Verdict { return checks.Verdict{Health: health[check]} }, c.standing)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("level (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevelOfADeadNodeThatHolds(t *testing.T) {
	tracked := []cluster.TrackedCheck{{Check: "haproxy", Effect: checks.Fault}}
	c := of(2, true, tracked...)
	c.VRRP.Instances[0].Hold = true
	p := NewPlan(c).Instance("VI")
	dead := func(string) checks.Verdict { return checks.Verdict{Health: checks.Failed, Reason: "process 7 is gone"} }
	want := Level{Value: -49, Effective: 1, Dead: true, Reason: "at the bottom: haproxy failed (process 7 is gone)"}
	for _, node := range []string{"n0", "n1", "other"} {
		if diff := cmp.Diff(want, p.Value(node, dead, true)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", node, diff)
		}
	}
}
