package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
)

// screen is shown pictures, and does something after each.
type screen struct {
	bytes.Buffer
	shown []string
	after []func()
}

func (s *screen) Write(text []byte) (int, error) {
	s.shown = append(s.shown, string(text))
	if n := len(s.shown); n <= len(s.after) {
		s.after[n-1]()
	}
	return len(text), nil
}

// What is watched is shown anew, also when the supervisor was away meanwhile.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	say := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "status.json"), []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	socket := filepath.Join(dir, "s")
	serve := func() (stop func()) {
		l, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- control.Serve(ctx, l, backend{dir}, zerolog.Nop()) }()
		return func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	say(`{"cluster": "shop", "node": "lb1", "well": true}`)
	stop := serve()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	s := &screen{after: []func(){
		func() { say(`{"cluster": "mail", "node": "lb1", "well": true}`) },
		func() { stop() },
		func() { stop = serve() },
		func() { interrupt() },
	}}
	p := &program{stdout: s, stderr: s, socket: socket, environment: func(string) string { return "" }}
	if code := statusCommand().watched(ctx, p); code != exitOK {
		t.Errorf("it ended with %d", code)
	}
	stop()
	for i, want := range []string{"cluster shop", "cluster mail", "lbsup: cannot reach the supervisor", "cluster mail"} {
		if i >= len(s.shown) || !strings.HasPrefix(s.shown[i], want) {
			t.Errorf("picture %d: want %q, got %q", i, want, s.shown)
		}
	}
}

// watched runs lbsup status --watch.
func (c command) watched(ctx context.Context, p *program) int {
	_ = c.flags.Set("watch", "true")
	return c.run(ctx, p, nil)
}

func TestPicture(t *testing.T) {
	for _, row := range []struct {
		name, text string
		rows       int
		want       string
	}{
		{"fits", "a\nb\n", 3, "\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J"},
		{"too long", "a\nb\nc\nd\n", 4, "\x1b[Ha\x1b[K\nb\x1b[K\n(2 more lines: lbsup status)\x1b[K\n\x1b[J"},
		{"of unknown height", "a\nb\n", 0, "\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[J"},
		{"hardly any", "a\nb\nc\n", 2, "\x1b[H(3 more lines: lbsup status)\x1b[K\n\x1b[J"},
	} {
		if diff := cmp.Diff(row.want, picture(row.text, row.rows)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", row.name, diff)
		}
	}
}
