package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// maxInput is more than a cluster file may be, so that the parser can say so.
const maxInput = 2 << 20

// forMembers is what those may do who may not look.
const forMembers = "use sudo, or add yourself to group lbsup and log in again"

// cluster reads and parses the cluster file that the arguments name: a path, - for standard input, or the host's own.
// What is wrong with it is told here; ok is false then.
func (p *program) cluster(ctx context.Context, args []string) (c *cluster.Cluster, name string, ok bool) {
	name = render.ClusterFile
	if len(args) > 0 {
		name = args[0]
	}
	data, err := p.readUnless(ctx, name)
	if err != nil {
		p.fail(err)
		return nil, name, false
	}
	if name == "-" {
		name = "<stdin>"
	}
	c, problems := cluster.Parse(name, data)
	if len(problems) > 0 {
		p.refuse(name, problems)
		return nil, name, false
	}
	return c, name, true
}

// refuse says everything that is wrong with a cluster file.
func (p *program) refuse(name string, problems cluster.Problems) {
	p.problems(problemsOf(problems))
	p.fail(fmt.Errorf("cannot accept cluster file %q: %s", name, count(len(problems), "problem")))
}

// readUnless reads until it is interrupted: nothing but the end of the program ends the wait for a terminal, or for somebody
// who writes to a FIFO.
func (p *program) readUnless(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		data, err = p.read(name)
	}()
	select {
	case <-done:
		return data, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *program) read(name string) ([]byte, error) {
	if name == "-" {
		data, err := io.ReadAll(io.LimitReader(p.stdin, maxInput))
		if err != nil {
			return nil, fmt.Errorf("cannot read standard input: %w", err)
		}
		return data, nil
	}
	data, err := readBounded(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && name == render.ClusterFile:
		return nil, hinted("name a file, or begin with the example in man lbsup.yaml", "cannot find cluster file %q: there is none yet", name)
	case errors.Is(err, fs.ErrNotExist):
		return nil, hinted("", "cannot read cluster file %q: no such file", name)
	case errors.Is(err, fs.ErrPermission):
		return nil, hinted(forMembers, "cannot read cluster file %q: permission denied", name)
	case err != nil:
		return nil, fmt.Errorf("cannot read cluster file %q: %w", name, plainly(err))
	}
	return data, nil
}

// plainly leaves out what os repeats: the operation and the path.
func plainly(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func readBounded(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, maxInput))
}
