package systemd

import (
	"context"
	"strings"
	"testing"
	"time"
)

// watching is a Watch that runs, and what it tells.
func watching(t *testing.T, units Units, names ...string) <-chan Unit {
	t.Helper()
	seen := make(chan Unit, 1000)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- units.Watch(ctx, names, func(unit Unit) { seen <- unit }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Watch ended with %v", err)
		}
	})
	return seen
}

// expect waits for a state; the ones before it do not matter.
func expect(t *testing.T, seen <-chan Unit, want string, matches func(Unit) bool) {
	t.Helper()
	var last Unit
	deadline := time.After(15 * time.Second)
	for {
		select {
		case last = <-seen:
			if matches(last) {
				return
			}
		case <-deadline:
			t.Fatalf("never told: %s; the last was %+v", want, last)
		}
	}
}

func state(name, active string) func(Unit) bool {
	return func(unit Unit) bool { return unit.Name == name && unit.ActiveState == active }
}

func TestWatch(t *testing.T) {
	bus := newBus(t)
	bus.start()
	systemd := bus.systemd("a.service", "b.service", "c.service")
	units, trouble := bus.units()
	seen := watching(t, units, "a.service", "b.service")
	expect(t, seen, "a as it is", state("a.service", "active"))
	expect(t, seen, "b as it is", state("b.service", "active"))
	systemd.set("c.service", unitInterface, "ActiveState", "failed") // is nobody's business
	systemd.set("a.service", unitInterface, "ActiveState", "active") // is no change
	systemd.set("b.service", unitInterface, "ActiveState", "failed")
	select {
	case got := <-seen:
		if !state("b.service", "failed")(got) {
			t.Errorf("got %+v, want b failed", got)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("nothing was told")
	}
	systemd.set("a.service", serviceInterface, "MainPID", uint32(43))
	expect(t, seen, "a with another process", func(unit Unit) bool { return unit.Name == "a.service" && unit.MainPID == 43 })
	select {
	case err := <-trouble:
		t.Errorf("trouble: %v", err)
	default:
	}
}

// D-Bus away at first, then there, then restarted, then without systemd for a while.
func TestWatchOutlivesTheBus(t *testing.T) {
	bus := newBus(t)
	units, trouble := bus.units()
	seen := watching(t, units, "a.service")
	complain := func(want string) {
		t.Helper()
		for deadline := time.After(15 * time.Second); ; {
			select {
			case err := <-trouble:
				if strings.Contains(err.Error(), want) {
					return
				}
			case <-deadline:
				t.Fatalf("nobody complained that %s", want)
			}
		}
	}
	complain("no such file or directory")
	bus.start()
	bus.systemd("a.service")
	expect(t, seen, "a as it is", state("a.service", "active"))

	bus.stop()
	complain("the bus closed the connection")
	bus.start()
	systemd := bus.systemd("a.service")
	systemd.set("a.service", unitInterface, "ActiveState", "failed")
	expect(t, seen, "a that failed meanwhile", state("a.service", "failed"))

	systemd.conn.Close()
	complain("systemd left the bus")
	systemd = bus.systemd("a.service")
	systemd.set("a.service", unitInterface, "ActiveState", "inactive")
	expect(t, seen, "a of the new systemd", state("a.service", "inactive"))
}

// What stays the same is told once, however often it is tried.
func TestTroubleIsToldOnce(t *testing.T) {
	bus := newBus(t)
	units, trouble := bus.units()
	watching(t, units, "a.service")
	<-trouble
	ctx, cancel := context.WithTimeout(t.Context(), 4*soon)
	defer cancel()
	select {
	case err := <-trouble:
		t.Errorf("it was told again: %v", err)
	case <-ctx.Done():
	}
}
