package main

import (
	"bytes"
	"context"
	"net"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

// hanging is a backend whose changes never end by themselves.
type hanging struct {
	backend
	began chan struct{}
}

func (h hanging) Change(ctx context.Context, _ control.Request, _ func(string)) (status.Change, error) {
	close(h.began)
	<-ctx.Done()
	return status.Change{}, ctx.Err()
}

// Who is tired of waiting learns that the change is not.
func TestInterruptedChange(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	h := hanging{began: make(chan struct{})}
	serving, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- control.Serve(serving, l, h, zerolog.Nop()) }()

	var out, errs bytes.Buffer
	p := &program{stdout: &out, stderr: &errs, socket: socket, environment: func(string) string { return "" }}
	ctx, interrupt := context.WithCancel(t.Context())
	go func() { <-h.began; interrupt() }()
	code := p.change(ctx, control.Request{Verb: control.Reload})
	want := "lbsup: error: no longer waiting: the change goes on in the supervisor\nlbsup: hint: see how it ends with lbsup status\n"
	if diff := cmp.Diff([]any{exitNo, "", want}, []any{code, out.String(), errs.String()}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
