package notify

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/supervisor/status"
)

var at = time.Date(2026, 3, 14, 9, 26, 53, 123456789, time.UTC)

// became is keepalived's transition of an instance.
func became(to string) status.Moment {
	return status.Moment{Time: at, Node: "lb1", Kind: status.RoleKind, Subject: "VI_1", Text: "VI_1 went from BACKUP to " + to,
		Fields: map[string]string{"from": "BACKUP", "to": to}}
}

func all() []cluster.Occurrence {
	return []cluster.Occurrence{cluster.Transition, cluster.FailedChange, cluster.SplitBrain}
}

func toProgram(argv ...string) cluster.Notice {
	return cluster.Notice{Exec: argv, Timeout: 10 * time.Second, On: all()}
}

func toURL(url string) cluster.Notice {
	return cluster.Notice{Webhook: url, Timeout: 10 * time.Second, On: all()}
}

func file(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// diary is a log that a test reads while it is written.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.String()
}

// running is a notifier that goes on until the test ends.
func running(t *testing.T, notices ...cluster.Notice) (*Notifier, *diary) {
	t.Helper()
	d := &diary{}
	n := New(time.Now, zerolog.New(d))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = n.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-done })
	n.Replace("web", notices)
	return n, d
}

// until polls: programs and servers are real.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for begin := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
