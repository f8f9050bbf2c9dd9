package haproxy

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"syscall"
	"testing"
)

// ringed is a configuration whose servers tell a ring of themselves.
const ringed = `	log ring@told format raw local0 notice
ring told
	format raw
	maxlen 1024
	size 65536
`

func TestEventsAreHeardAcrossAReload(t *testing.T) {
	d := newDaemon(t)
	d.configure("first", ringed)
	old := d.started()
	var heard atomic.Int64
	renewed, done := make(chan struct{}, 1), make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		done <- Events{Socket: d.file("s.sock"), Ring: "told"}.Run(ctx, renewed, func() { heard.Add(1) })
	}()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	}()
	d.hears(&heard, "of the first worker's server")

	d.configure("second", ringed)
	if _, err := d.reloader().Reload(d.context(), "second"); err != nil {
		t.Fatal(err)
	}
	renewed <- struct{}{}
	d.until("the old worker ends, because nobody holds a connection to it", func() error {
		if syscall.Kill(old.PID, 0) == nil {
			return errors.New("it is there")
		}
		return nil
	})
	d.hears(&heard, "of the second worker's server")
}

// hears changes a server again and again, for the connection may not stand yet, until an event is heard.
func (d *daemon) hears(heard *atomic.Int64, what string) {
	d.t.Helper()
	before, states := heard.Load(), []string{"maint", "ready"}
	n := 0
	d.until("an event is heard "+what, func() error {
		n++
		if _, err := ask(d.context(), d.file("s.sock"), "set server out/two state "+states[n%2], 1<<10); err != nil && !errors.Is(err, errEmpty) {
			return err
		}
		if heard.Load() == before {
			return fmt.Errorf("%d changes, %d events", n, before)
		}
		return nil
	})
}

func TestEventsOfAWorkerWithoutTheRing(t *testing.T) {
	d := newDaemon(t)
	d.started()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- Events{Socket: d.file("s.sock"), Ring: "none"}.Run(ctx, nil, func() {})
	}()
	d.until("the worker answers others meanwhile", func() error {
		_, err := d.runtime().Info(d.context())
		return err
	})
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Run ended with %v", err)
	}
}
