package control

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/status"
)

// fake is a Backend that answers what it is told to. Change runs until let is closed, when there is one.
type fake struct {
	snapshot status.Snapshot
	plan     status.Plan
	entries  []status.Entry
	change   status.Change
	err      error
	says     []string
	let      chan struct{}

	mu      sync.Mutex
	asked   []Request
	started chan struct{}
	ended   chan error // what the context of a change said when it ended
}

func (f *fake) Status(context.Context) (status.Snapshot, error) { return f.snapshot, f.err }
func (f *fake) Plan(context.Context) (status.Plan, error)       { return f.plan, f.err }
func (f *fake) History(context.Context) ([]status.Entry, error) { return f.entries, f.err }
func (f *fake) requests() []Request                             { f.mu.Lock(); defer f.mu.Unlock(); return f.asked }

func (f *fake) Change(ctx context.Context, r Request, progress func(string)) (status.Change, error) {
	f.mu.Lock()
	f.asked = append(f.asked, r)
	f.mu.Unlock()
	if f.started != nil {
		f.started <- struct{}{}
	}
	for _, text := range f.says {
		progress(text)
	}
	if f.let != nil {
		select {
		case <-f.let:
		case <-ctx.Done():
		}
	}
	if f.ended != nil {
		f.ended <- ctx.Err()
	}
	return f.change, f.err
}

// quick are limits that a test need not wait long for.
var quick = limits{
	share: 4, total: 8, header: 8 << 10, body: 4 << 10,
	ask: 300 * time.Millisecond, idle: 300 * time.Millisecond, read: 300 * time.Millisecond, goodbye: 300 * time.Millisecond,
}

// start serves b and returns the socket and what ends it.
func start(t *testing.T, b Backend, lim limits, owned ...func(socket string) error) (socket string, stop func() error) {
	t.Helper()
	dir, err := os.MkdirTemp("", "lbsup") // t.TempDir's names are too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "control.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	for _, own := range owned {
		if err := own(socket); err != nil {
			t.Fatal(err)
		}
	}
	changers, err := groupOf(l)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, l, b, zerolog.Nop(), lim, changers) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { _ = stop() })
	return socket, stop
}

// owned makes a socket file what systemd would make it.
func owned(group int, mode os.FileMode) func(string) error {
	return func(socket string) error { return errors.Join(os.Chown(socket, 0, group), os.Chmod(socket, mode)) }
}
