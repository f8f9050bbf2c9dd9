package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

// keep runs a keeper until stop is called.
func keep(t *testing.T, k *Keeper) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- k.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// until waits until the timeline of a keeper has a moment that fits.
func until(t *testing.T, k *Keeper, fits func(status.Moment) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for r := NewReader(k.Dir); ; {
		news := k.News()
		ms, _ := readAll(t, r)
		for _, m := range ms {
			if fits(m) {
				return
			}
		}
		select {
		case <-news:
		case <-ctx.Done():
			t.Fatal("it never came")
		}
	}
}

func says(text string) func(status.Moment) bool {
	return func(m status.Moment) bool { return strings.Contains(m.Text, text) }
}

func texts(t *testing.T, dir string) string {
	t.Helper()
	var lines []string
	ms, _ := readAll(t, NewReader(dir))
	for _, m := range ms {
		lines = append(lines, m.Text)
	}
	return strings.Join(lines, "\n")
}

func TestAKeeperKeepsItsWordAfterARestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "timeline")
	var journal []string
	k := NewKeeper(dir)
	k.Told = func(m status.Moment) { journal = append(journal, m.Text) }
	stop := keep(t, k)
	k.Put(numbered(0, 2)...)
	until(t, k, says("moment 1"))
	stop()
	if got, want := texts(t, dir), "moment 0\nmoment 1\nlbsup ends, as it was told to"; got != want || strings.Join(journal, "\n") != want {
		t.Errorf("kept %q, journal %q, want %q", got, journal, want)
	}
	k = NewKeeper(dir)
	stop = keep(t, k)
	k.Put(numbered(2, 3)...)
	until(t, k, says("moment 2"))
	stop()
	if got := texts(t, dir); strings.Contains(got, "without a word") {
		t.Errorf("it did say its word:\n%s", got)
	}
}

func TestAKeeperTellsOfOneThatWasKilled(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Usual)
	add(t, s, numbered(0, 2))
	if _, err := s.file.WriteAt([]byte(`{"time":`), s.size); err != nil {
		t.Fatal(err)
	}
	k := NewKeeper(dir)
	stop := keep(t, k)
	until(t, k, says("8 bytes of it were dropped"))
	stop()
	want := "lbsup had ended without a word: killed, crashed, or the host went down, after " + night.Add(time.Second).In(time.Local).Format(time.DateTime)
	if got := texts(t, dir); !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant %s", got, want)
	}
}

// What the disk did not take is counted, and told once it takes something again.
func TestAKeeperOutlivesItsDisk(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "timeline")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // no directory can be made in its place
		t.Fatal(err)
	}
	failed, told := make(chan error, 100), make(chan string, 100)
	k := NewKeeper(dir)
	k.Fail = func(err error) { failed <- err }
	k.Told = func(m status.Moment) { told <- m.Text }
	stop := keep(t, k)
	err := <-failed
	if want := "cannot list the timeline: open " + dir + ": not a directory"; err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	k.Put(numbered(0, 3)...)
	for n := range 3 {
		if got, want := <-told, fmt.Sprintf("moment %d", n); got != want {
			t.Errorf("the journal was told %q, want %q", got, want)
		}
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	until(t, k, says("3 moments are not in the timeline: the disk did not take them"))
	stop()
	if len(failed) > 0 {
		t.Errorf("it complained more than once: %v", <-failed)
	}
}

// A disk that hangs holds nobody up.
func TestPutNeverWaits(t *testing.T) {
	k := NewKeeper(t.TempDir())
	for n := range 3 * backlog { // nobody writes
		k.pass(numbered(n, n+1)[0])
	}
	stop := keep(t, k)
	until(t, k, says(fmt.Sprintf("%d moments are not in the timeline", 2*backlog)))
	stop()
}

// BenchmarkFlood is ten seconds of ten thousand moments each: what it costs, and what is left of it.
func BenchmarkFlood(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		k := NewKeeper(dir)
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error, 1)
		go func() { ended <- k.Run(ctx) }()
		var first, last uint64
		for n := range 100_000 {
			now := night.Add(time.Duration(n) * 100 * time.Microsecond)
			k.Put(status.Moment{
				Time: now, Kind: status.CheckKind, Subject: fmt.Sprintf("check-%d", n%50), Text: "check failed",
				Fields: map[string]string{"from": "healthy", "to": "failed"},
			})
			if n%10_000 == 9_999 {
				k.Flush(now)
			}
			switch n {
			case 20_000:
				first = heap()
			case 99_999:
				last = heap()
			}
		}
		cancel()
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
		var bytes int64
		all, _ := filepath.Glob(filepath.Join(dir, "*"))
		for _, name := range all {
			if info, err := os.Stat(name); err == nil {
				bytes += info.Size()
			}
		}
		b.ReportMetric(float64(int64(last)-int64(first)), "heap-growth-bytes")
		b.ReportMetric(float64(bytes), "disk-bytes")
		b.ReportMetric(float64(k.lost.Load()), "lost")
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A keeper that has nothing to put on the disk, and nothing to try again, does not wake up.
func TestKeeperRests(t *testing.T) {
	k := NewKeeper(t.TempDir())
	s, _, err := Open(k.Dir, Usual)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, row := range []struct {
		name string
		do   func()
		want bool
	}{
		{"opened", func() {}, true},
		{"written", func() { k.write(s, []status.Moment{{Kind: status.CheckKind}}) }, false},
		{"a beat later", func() { k.beat(s) }, true},
		{"one was lost", func() { k.lost.Add(1) }, false},
		{"and is confessed", func() { k.beat(s) }, true},
	} {
		row.do()
		if got := k.rests(s); got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, got, row.want)
		}
	}
	if k.rests(nil) {
		t.Error("it rests without a store")
	}
}
