package systemd

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestState(t *testing.T) {
	bus := newBus(t)
	bus.start()
	bus.systemd("a.service")
	units, _ := bus.units()
	got, err := units.State(t.Context(), "a.service")
	want := Unit{
		Name: "a.service", LoadState: "loaded", ActiveState: "active", SubState: "running", Result: "success",
		MainPID: 42, StatusText: "Ready.", Since: time.UnixMicro(1700000000000001),
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if pid, err := units.MainPID(t.Context(), "a.service"); pid != 42 || err != nil {
		t.Errorf("got %d, %v", pid, err)
	}
	_, err = units.State(t.Context(), "none.service")
	if want := `cannot find unit "none.service": Unit none.service not found.`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestMainPIDOfWhatDoesNotRun(t *testing.T) {
	bus := newBus(t)
	bus.start()
	systemd := bus.systemd("a.service")
	units, _ := bus.units()
	for state, want := range map[string]int{"active": 42, "reloading": 42, "inactive": 0, "activating": 0, "failed": 0} {
		systemd.set("a.service", unitInterface, "ActiveState", state)
		if got, err := units.MainPID(t.Context(), "a.service"); got != want || err != nil {
			t.Errorf("%s: got %d, %v, want %d", state, got, err, want)
		}
	}
}

func TestJobs(t *testing.T) {
	bus := newBus(t)
	bus.start()
	systemd := bus.systemd("a.service")
	systemd.tell(map[string]string{"fails.service": "failed", "waits.service": "timeout", "leans.service": "dependency"}, map[string]string{
		"root.service": "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired",
		"bus.service":  "org.freedesktop.DBus.Error.AccessDenied",
		"odd.service":  "org.freedesktop.systemd1.JobTypeNotApplicable",
	})
	units, _ := bus.units()
	for _, test := range []struct {
		do    func() error
		asked string
		want  string
	}{
		{func() error { return units.Start(t.Context(), "a.service") }, "start replace a.service", ""},
		{func() error { return units.Restart(t.Context(), "a.service") }, "restart replace a.service", ""},
		{func() error { return units.Reload(t.Context(), "a.service") }, "reload replace a.service", ""},
		{func() error { return units.Kill(t.Context(), "a.service", syscall.SIGHUP) }, "kill hangup main a.service", ""},
		{func() error { return units.Reload(t.Context(), "fails.service") }, "reload replace fails.service", `cannot reload unit "fails.service": systemd's job ended as "failed"`},
		{func() error { return units.Start(t.Context(), "waits.service") }, "start replace waits.service", `cannot start unit "waits.service": systemd's job ended as "timeout"`},
		{func() error { return units.Start(t.Context(), "leans.service") }, "start replace leans.service", `cannot start unit "leans.service": systemd's job ended as "dependency"`},
		{func() error { return units.Restart(t.Context(), "root.service") }, "restart replace root.service", `cannot restart unit "root.service": access denied by polkit`},
		{func() error { return units.Kill(t.Context(), "bus.service", syscall.SIGHUP) }, "kill hangup main bus.service", `cannot signal unit "bus.service": access denied by polkit`},
		{func() error { return units.Reload(t.Context(), "odd.service") }, "reload replace odd.service", `cannot reload unit "odd.service": Not for you.`},
	} {
		t.Run(test.asked, func(t *testing.T) {
			err := test.do()
			if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
			systemd.mu.Lock()
			defer systemd.mu.Unlock()
			if got := systemd.asked[len(systemd.asked)-1]; got != test.asked {
				t.Errorf("asked for %q, want %q", got, test.asked)
			}
			var denied *DeniedError
			var job *JobError
			if errors.As(err, &denied) != strings.Contains(test.want, "denied") || errors.As(err, &job) != strings.Contains(test.want, "job ended") {
				t.Errorf("%T is not the type of this error", err)
			}
		})
	}
}

func TestJobsThatDoNotEnd(t *testing.T) {
	bus := newBus(t)
	bus.start()
	systemd := bus.systemd("a.service")
	systemd.tell(map[string]string{"forever.service": "never"}, nil)
	units, _ := bus.units()
	err := units.Start(soonOver(t), "forever.service")
	if want := `cannot start unit "forever.service": its job has not ended: context deadline exceeded`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	err = units.Start(soonOver(t), "slow.service")
	if want := `cannot start unit "slow.service": context deadline exceeded`; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	close(systemd.hold)

	done := make(chan error)
	go func() { done <- units.Start(t.Context(), "forever.service") }()
	systemd.wasAsked(t, 3)
	bus.stop()
	err = <-done
	if err == nil || !strings.HasPrefix(err.Error(), `cannot start unit "forever.service": the bus closed the connection`) {
		t.Errorf("got %v, want that the bus closed the connection", err)
	}
	if lost := (*LostError)(nil); !errors.As(err, &lost) {
		t.Errorf("%T is not the type of this error", err)
	}
}

// The bus goes before systemd has answered, or after: what it was asked for it may do.
func TestBusGoesWhileSystemdIsAsked(t *testing.T) {
	bus := newBus(t)
	bus.start()
	systemd := bus.systemd()
	units, _ := bus.units()
	done := make(chan error)
	go func() { done <- units.Start(t.Context(), "slow.service") }()
	systemd.wasAsked(t, 1)
	bus.stop()
	err := <-done
	if lost := (*LostError)(nil); !errors.As(err, &lost) || !strings.HasPrefix(err.Error(), `cannot start unit "slow.service": `) {
		t.Errorf("got %v, want a *LostError", err)
	}
}

func TestIdle(t *testing.T) {
	bus := newBus(t)
	units, _ := bus.units()
	unseen := func(when string) {
		t.Helper()
		if err := units.Idle(soonOver(t), "a.service"); err == nil || !strings.HasPrefix(err.Error(), `cannot see what became of unit "a.service": `) {
			t.Errorf("%s: got %v", when, err)
		}
	}
	unseen("no bus")
	done := make(chan error)
	go func() { done <- units.Idle(t.Context(), "a.service") }()
	bus.start()
	unseen("no systemd")
	systemd := bus.systemd("a.service")
	must(t, <-done)
	systemd.set("a.service", unitInterface, "Job", job{12, manager + "/job/12"})
	unseen("a job")
	go func() { done <- units.Idle(t.Context(), "a.service") }()
	systemd.set("a.service", unitInterface, "Job", job{Path: "/"})
	must(t, <-done)
}

func TestWithoutABus(t *testing.T) {
	dir := t.TempDir()
	silent := filepath.Join(dir, "silent")
	listener, err := net.Listen("unix", silent)
	must(t, err)
	defer listener.Close()
	stopped := newBus(t)
	process := stopped.start().Process
	must(t, process.Signal(syscall.SIGSTOP))
	for _, test := range []struct{ name, path, want string }{
		{"absent", filepath.Join(dir, "none"), `cannot reach D-Bus at "PATH": no such file or directory`},
		{"silent", silent, `cannot reach D-Bus at "PATH": context deadline exceeded`},
		{"stopped", stopped.socket, `cannot reach D-Bus at "PATH": context deadline exceeded`},
	} {
		t.Run(test.name, func(t *testing.T) {
			units := Units{Bus: test.path}
			_, state := units.State(soonOver(t), "a.service")
			for _, err := range []error{state, units.Start(soonOver(t), "a.service"), units.Kill(soonOver(t), "a.service", syscall.SIGHUP)} {
				if err == nil || strings.Replace(err.Error(), test.path, "PATH", 1) != test.want {
					t.Errorf("got  %v\nwant %s", err, test.want)
				}
			}
		})
	}
	must(t, process.Signal(syscall.SIGCONT))
	units, _ := stopped.units()
	_, err = units.State(t.Context(), "a.service")
	if want := `cannot find unit "a.service": `; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("a bus without systemd: got %v, want %s…", err, want)
	}
}
