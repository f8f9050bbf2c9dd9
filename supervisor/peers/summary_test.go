package peers

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

func full() status.Summary {
	at := time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)
	return status.Summary{
		Protocol: 1, Cluster: "web", Node: "lb2", Version: "1.2.3", Time: at, Started: at, Well: false, Findings: 2, Finding: "HAProxy does not run",
		Instances: []status.PeerInstance{{Name: "VI_1", State: "MASTER", Since: at, Priority: 253, Here: true}},
		Checks:    []status.PeerCheck{{Name: "haproxy", Health: "failed", Reason: "it ended"}},
		HAProxy:   "failed", Keepalived: "active", Generation: 12, Installed: at, ClusterFile: "0123456789ab", Edited: true,
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	text, err := write(full())
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(bytes.NewReader(text))
	if diff := cmp.Diff(full(), got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// A node with very much to tell tells what fits.
func TestMuchToTell(t *testing.T) {
	s := full()
	for range 1000 {
		s.Instances = append(s.Instances, status.PeerInstance{Name: strings.Repeat("i", 1000), State: strings.Repeat("s", 1000)})
		s.Checks = append(s.Checks, status.PeerCheck{Name: strings.Repeat("c", 1000), Reason: strings.Repeat("\u2620 ", 10000)})
	}
	text, err := write(s)
	if err != nil || len(text) > largest {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	got, err := read(bytes.NewReader(text))
	if err != nil || len(got.Instances) != mostInstances || got.Instances[0].Name != "VI_1" {
		t.Errorf("%d instances, %v", len(got.Instances), err)
	}
}

// Whatever a peer tells is small and printable, or refused.
func FuzzRead(f *testing.F) {
	text, _ := write(full())
	f.Add(text)
	f.Add([]byte(`{"protocol":1,"node":"\u001b[2J","instances":[{"name":"a\nb"}],"checks":[{"reason":"\u202e"}]}`))
	f.Add([]byte(`{"protocol":1,"time":"9999-12-31T23:59:59Z","findings":-1}`))
	f.Add([]byte(`{"protocol":2}`))
	f.Add([]byte(`[1]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := read(bytes.NewReader(text))
		if err != nil {
			return
		}
		if len(s.Instances) > mostInstances || len(s.Checks) > mostChecks {
			t.Fatalf("%d instances, %d checks", len(s.Instances), len(s.Checks))
		}
		all := []string{s.Cluster, s.Node, s.Version, s.Finding, s.HAProxy, s.Keepalived, s.ClusterFile}
		for _, i := range s.Instances {
			all = append(all, i.Name, i.State)
		}
		for _, c := range s.Checks {
			all = append(all, c.Name, c.Health, c.Reason)
		}
		for _, text := range all {
			if len([]rune(text)) > 300 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Fatalf("got through: %q", text)
			}
		}
		if _, err := write(s); err != nil {
			t.Fatal(err)
		}
	})
}
