package page

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)

// told is a source that a test changes.
type told struct {
	mu    sync.Mutex
	snap  status.Snapshot
	past  Past
	fails bool
	news  chan struct{}
	asked int
}

func source(s status.Snapshot) *told { return &told{snap: s, news: make(chan struct{})} }

func (t *told) Status(context.Context) (status.Snapshot, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked++
	if t.fails {
		return status.Snapshot{}, errors.New("it hangs")
	}
	return t.snap, nil
}

func (t *told) Past() (Past, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.past, nil
}

func (t *told) News() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news
}

// change changes what is and says that something happened.
func (t *told) change(how func(*told)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	how(t)
	close(t.news)
	t.news = make(chan struct{})
}

func (t *told) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.asked
}

// pair is a well pair, seen from the node that holds its VIPs. Each call makes a new one.
func pair() status.Snapshot {
	return status.Snapshot{
		Time: now, Version: "1.2.3", Cluster: "shop", Node: "lb1", Well: true,
		Nodes: []status.Node{{Name: "lb1", Address: "192.0.2.11"}, {Name: "lb2", Address: "192.0.2.12"}},
		Instances: []status.Instance{{Name: "PUBLIC", State: "MASTER", Priority: 253, Wanted: 253, Holder: "lb1", Why: "this node is well",
			VIPs: []status.VIP{{Address: "192.0.2.10/24", Here: true}}}},
		Checks:     []status.Check{{Name: "haproxy", Health: "healthy", Reason: "answers"}},
		Services:   []status.Service{{Name: "web", Mode: "http", Bind: []string{"*:80", "*:443"}, Pools: []status.Pool{{Servers: []status.Server{{Name: "web1", Address: "192.0.2.21:80", Status: "UP"}}}}}},
		HAProxy:    status.HAProxy{Unit: status.Unit{Active: "active"}, Version: "2.6.12", Connections: 1},
		Keepalived: status.Unit{Active: "active"},
	}
}

// open runs a site until the test ends. How it is set up may be changed before.
func open(t *testing.T, s Source, to Settings, how func(*Site)) *Site {
	t.Helper()
	site := NewSite(s, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("lbsup_well 1\n")) }))
	if how != nil {
		how(site)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- site.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	site.Replace(to)
	return site
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("never: " + what)
		}
	}
}

// shown waits until the site listens, and returns its address.
func shown(t *testing.T, s *Site) string {
	t.Helper()
	eventually(t, "the site listens", func() bool { return s.Address() != "" })
	return s.Address()
}
