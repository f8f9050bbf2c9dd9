package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rs/zerolog"

	"github.com/lbsup/lbsup/supervisor/control"
	"github.com/lbsup/lbsup/supervisor/status"
)

// backend answers with the files of a script: status.json, plan.json, history.json, change.json, progress.txt, and
// error.txt, which takes the place of every answer. It writes what it was asked for to asked.txt.
type backend struct{ dir string }

func (b backend) answer(name string, into any) error {
	if text, err := os.ReadFile(filepath.Join(b.dir, "error.txt")); err == nil {
		return errors.New(strings.TrimSpace(string(text)))
	}
	data, err := os.ReadFile(filepath.Join(b.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func (b backend) Status(context.Context) (s status.Snapshot, err error) {
	err = b.answer("status.json", &s)
	return s, err
}

func (b backend) Plan(context.Context) (p status.Plan, err error) {
	err = b.answer("plan.json", &p)
	return p, err
}

func (b backend) History(context.Context) (h []status.Entry, err error) {
	err = b.answer("history.json", &h)
	return h, err
}

func (b backend) Change(_ context.Context, r control.Request, progress func(string)) (c status.Change, err error) {
	asked := fmt.Sprintf("%s %d\n", r.Verb, r.To)
	if r.Confirm != 0 {
		asked = fmt.Sprintf("%s %d confirm %d\n", r.Verb, r.To, r.Confirm)
	}
	if err := os.WriteFile(filepath.Join(b.dir, "asked.txt"), []byte(asked), 0o644); err != nil {
		return c, err
	}
	progress("applying")
	err = b.answer("change.json", &c)
	return c, err
}

func startBackend(ts *testscript.TestScript, _ bool, _ []string) {
	l, err := net.Listen("unix", ts.Getenv("SOCKET"))
	ts.Check(err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- control.Serve(ctx, l, backend{ts.MkAbs(".")}, zerolog.Nop()) }()
	ts.Defer(func() { cancel(); ts.Check(<-ended) })
}
