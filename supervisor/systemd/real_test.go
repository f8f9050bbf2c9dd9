//go:build realsystemd

package systemd

// These tests start and stop units of the systemd that they find. The lab compiles them with this tag and runs them inside one
// of its hosts; the machine's own systemd is left alone.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// real are the units of the systemd that is there.
func real(t *testing.T) Units {
	t.Helper()
	return Units{Trouble: func(err error) { t.Log("trouble:", err) }}
}

// scratch makes a unit of this test's own. It can be reloaded, and it fails to start if a file says so.
func scratch(t *testing.T) (unit, stop string) {
	t.Helper()
	unit, stop = fmt.Sprintf("lbsup-scratch-%d.service", os.Getpid()), filepath.Join(t.TempDir(), "stop")
	install(t, unit, fmt.Sprintf("[Service]\nExecCondition=/bin/true\nExecStartPre=/bin/sh -c '! test -e %s'\nExecStart=/bin/sleep 1000\n"+
		"ExecReload=/bin/sh -c '! test -e %s'\n", stop, stop))
	return unit, stop
}

func install(t *testing.T, unit, text string) {
	t.Helper()
	path := "/run/systemd/system/" + unit
	must(t, os.WriteFile(path, []byte(text), 0o644))
	systemctl(t, "daemon-reload")
	t.Cleanup(func() {
		exec.Command("systemctl", "stop", unit).Run()
		exec.Command("systemctl", "reset-failed", unit).Run()
		os.Remove(path)
		systemctl(t, "daemon-reload")
	})
}

func systemctl(t *testing.T, words ...string) {
	t.Helper()
	if output, err := exec.Command("systemctl", words...).CombinedOutput(); err != nil {
		t.Fatalf("systemctl %v: %v: %s", words, err, output)
	}
}

func TestRealUnits(t *testing.T) {
	units := real(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	unit, stop := scratch(t)
	seen := watching(t, units, unit)
	expect(t, seen, "inactive", state(unit, "inactive"))
	must(t, units.Start(ctx, unit))
	expect(t, seen, "active", state(unit, "active"))
	now, err := units.State(ctx, unit)
	must(t, err)
	if now.ActiveState != "active" || now.SubState != "running" || now.LoadState != "loaded" || now.Result != "success" || now.MainPID == 0 || time.Since(now.Since) > time.Hour {
		t.Errorf("got %+v", now)
	}
	must(t, units.Reload(ctx, unit))
	must(t, units.Restart(ctx, unit))
	after, err := units.MainPID(ctx, unit)
	must(t, err)
	if after == 0 || after == now.MainPID {
		t.Errorf("main process %d became %d by a restart", now.MainPID, after)
	}
	must(t, os.WriteFile(stop, nil, 0o600))
	var job *JobError
	if err := units.Reload(ctx, unit); !errors.As(err, &job) || job.Result != "failed" {
		t.Errorf("a reload that fails: got %v", err)
	}
	must(t, units.Kill(ctx, unit, syscall.SIGKILL))
	expect(t, seen, "failed", func(u Unit) bool { return u.ActiveState == "failed" && u.Result == "signal" && u.MainPID == 0 })
	if err := units.Start(ctx, unit); !errors.As(err, &job) || job.Result != "failed" {
		t.Errorf("a start that fails: got %v", err)
	}
}

func TestRealUnitThatIsMissing(t *testing.T) {
	units := real(t)
	got, err := units.State(t.Context(), "lbsup-none.service")
	if err != nil || got.LoadState != "not-found" || got.ActiveState != "inactive" {
		t.Errorf("got %+v, %v", got, err)
	}
	t.Log(units.Start(t.Context(), "lbsup-none.service"))
	t.Log(units.Kill(t.Context(), "lbsup-none.service", syscall.SIGHUP))
}

// The bus is restarted, and systemd executes itself again; the watch sees what comes after.
func TestRealRestarts(t *testing.T) {
	units := real(t)
	unit, _ := scratch(t)
	seen := watching(t, units, unit)
	expect(t, seen, "inactive", state(unit, "inactive"))
	for _, words := range [][]string{{"restart", "dbus.service"}, {"daemon-reexec"}, {"daemon-reload"}} {
		systemctl(t, words...)
		systemctl(t, "start", unit)
		expect(t, seen, "active", state(unit, "active"))
		systemctl(t, "stop", unit)
		expect(t, seen, "inactive", state(unit, "inactive"))
	}
}

// A oneshot unit goes on when the bus is restarted.
func TestRealJobOutlivesTheBus(t *testing.T) {
	units := real(t)
	unit, end := fmt.Sprintf("lbsup-once-%d.service", os.Getpid()), filepath.Join(t.TempDir(), "end")
	install(t, unit, fmt.Sprintf("[Unit]\nCollectMode=inactive-or-failed\n[Service]\nType=oneshot\nExecStart=/bin/sh -c 'until test -e %s; do sleep .1; done'\n", end))
	seen := watching(t, units, unit)
	done := make(chan error, 1)
	go func() { done <- units.Start(t.Context(), unit) }()
	expect(t, seen, "activating", state(unit, "activating"))
	systemctl(t, "restart", "dbus.service")
	if lost := (*LostError)(nil); !errors.As(<-done, &lost) {
		t.Fatal("the job was not lost sight of")
	}
	short, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := units.Idle(short, unit); err == nil {
		t.Error("a unit that is being started counts as idle")
	}
	must(t, os.WriteFile(end, nil, 0o600))
	must(t, units.Idle(t.Context(), unit))
	if now, err := units.State(t.Context(), unit); err != nil || now.ActiveState != "inactive" {
		t.Errorf("got %+v, %v", now, err)
	}
}

// Somebody for whom polkit has no rule may look, and do nothing.
func TestRealRefusal(t *testing.T) {
	units := real(t)
	unit := os.Getenv("LBSUP_TEST_REFUSED")
	if unit == "" {
		unit, _ = scratch(t)
		systemctl(t, "start", unit) // a unit that is not in memory cannot be killed by anybody
		command := exec.Command(os.Args[0], "-test.run=^TestRealRefusal$", "-test.v")
		command.Env = append(os.Environ(), "LBSUP_TEST_REFUSED="+unit)
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		if output, err := command.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
		return
	}
	if got, err := units.State(t.Context(), unit); err != nil || got.LoadState != "loaded" {
		t.Errorf("State: got %+v, %v", got, err)
	}
	for _, err := range []error{
		units.Start(t.Context(), unit), units.Restart(t.Context(), unit), units.Reload(t.Context(), unit),
		units.Kill(t.Context(), unit, syscall.SIGHUP),
	} {
		var denied *DeniedError
		if !errors.As(err, &denied) {
			t.Errorf("got %v, want that access is denied", err)
		}
	}
}
