package apply

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// script makes an executable that stands in for a daemon. While it is written no other test may fork: the child would have it open for a moment, and a
// file that is open to be written cannot be executed.
func (h *host) script(name, body string) string {
	h.t.Helper()
	path := h.path(name)
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	must(h.t, os.WriteFile(path, []byte("#!/bin/sh\n"+body), 0o700))
	return path
}

func TestRun(t *testing.T) {
	h := newHost(t)
	rows := []struct {
		name, body string
		want       Exit
	}{
		{"good", "echo out; echo err >&2", Exit{Output: "out\nerr\n"}},
		{"bad", "exit 5", Exit{Code: 5}},
		{"killed", "kill -SEGV $$", Exit{Signal: syscall.SIGSEGV}},
		{"environment", "env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD= | sort; pwd", Exit{Output: "LC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\nRES_OPTIONS=timeout:1 attempts:1\n/\n"}},
		{"much to say", "head -c 300000 /dev/zero", Exit{Output: strings.Repeat("\x00", maxOutput)}},
	}
	for _, row := range rows {
		got, err := Run(t.Context(), h.script("d", row.body))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if diff := cmp.Diff(row.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", row.name, diff)
		}
	}
	if _, err := Run(t.Context(), h.path("none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// A daemon that hangs takes its children with it when it is killed.
func TestRunKillsTheWholeGroup(t *testing.T) {
	h := newHost(t)
	must(t, syscall.Mkfifo(h.path("started"), 0o600))
	body := "trap '' TERM; sleep 600 & echo $! >" + h.path("started") + "; echo before; wait"
	ctx, cancel := context.WithCancel(t.Context())
	child := make(chan int, 1)
	go func() {
		text, _ := os.ReadFile(h.path("started"))
		pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
		child <- pid
		cancel()
	}()
	exit, err := Run(ctx, h.script("d", body))
	if !errors.Is(err, errDeadline) {
		t.Errorf("got %v %v", exit, err)
	}
	pid := <-child
	until(t, "the child to be gone", func() bool { return gone(pid) })
}

func gone(pid int) bool {
	state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(state), ") Z ")
}

// until polls for something that another process does.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 3000 {
		if done() {
			return
		}
		<-tick.C
	}
	t.Fatalf("waited in vain for %s", what)
}

func TestDaemonsThatFail(t *testing.T) {
	ok := "case $1 in -vv) cat <<'E'\n" + haproxyVersion + "E\n;; -v) cat <<'E'\n" + keepalivedVersion + "E\n;; *) "
	rows := []struct {
		name                string
		haproxy, keepalived string // "" answers well
		stage               Stage
		message, words      string
	}{
		{name: "haproxy missing", haproxy: "MISSING", stage: StageRender, message: `cannot run "ROOT/haproxy": it is not installed`},
		{name: "keepalived missing", keepalived: "MISSING", stage: StageRender, message: `cannot run "ROOT/keepalived": it is not installed`},
		{name: "haproxy too old", haproxy: "echo HA-Proxy version 1.8.27-493ce0b 2020/11/06", stage: StageRender,
			message: "cannot render for HAProxy 1.8.27-493ce0b: want 2.4 or later"},
		{name: "keepalived too old", keepalived: "echo 'Keepalived v1.3.5 (03/19,2017)'", stage: StageRender,
			message: "cannot render for keepalived 1.3.5: want 2.1.5 or later"},
		{name: "no version", haproxy: "echo broken >&2; exit 127", stage: StageRender, words: "broken",
			message: `cannot ask "ROOT/haproxy" for its version: it ended with exit code 127`},
		{name: "errors", haproxy: ok + "echo '[ALERT] bad'; exit 1;; esac", stage: StageHAProxy, words: "[ALERT] bad",
			message: `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": it found errors (exit code 1)`},
		{name: "no listener", haproxy: ok + "exit 2;; esac", stage: StageHAProxy,
			message: `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": nothing in it listens (exit code 2)`},
		{name: "hangs", haproxy: ok + "echo resolving; exec sleep 600;; esac", stage: StageHAProxy, words: "resolving",
			message: `cannot wait for "ROOT/haproxy" any longer: it hung for 300ms and was killed`},
		{name: "keepalived errors", keepalived: ok + "echo $3: Unknown keyword; exit 5;; esac", stage: StageKeepalived,
			words: "ROOT/etc/keepalived/keepalived.conf: Unknown keyword", message: `keepalived refuses "ROOT/etc/keepalived/keepalived.conf": it found errors (exit code 5)`},
		{name: "keepalived crashes", keepalived: ok + "kill -SEGV $$;; esac", stage: StageKeepalived,
			message: `keepalived refuses "ROOT/etc/keepalived/keepalived.conf": it crashed on it (signal 11 (segmentation fault))`},
		{name: "keepalived is ended", keepalived: ok + "kill -TERM $$;; esac", stage: StageKeepalived,
			message: `keepalived refuses "ROOT/etc/keepalived/keepalived.conf": something ended its check (signal 15 (terminated))`},
		{name: "an exit that nobody knows", keepalived: ok + "exit 77;; esac", stage: StageKeepalived,
			message: `keepalived refuses "ROOT/etc/keepalived/keepalived.conf": for a reason it does not name (exit code 77)`},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.applied("reload")
			was := h.pair()
			h.saves(clusterFile(81))
			h.Engine.Run = Run
			h.HAProxy, h.Keepalived = h.stand("haproxy", row.haproxy, ok), h.stand("keepalived", row.keepalived, ok)
			if row.name == "hangs" {
				h.Deadline = 300 * time.Millisecond
			}
			r := h.refused("reload", row.stage, row.message)
			if got := strings.ReplaceAll(r.Words, h.dir, "ROOT"); got != row.words {
				t.Errorf("words: got %q, want %q", got, row.words)
			}
			if h.pair() != was || h.current() != 1 {
				t.Error("a refused change changed something")
			}
			m := manifest(t, h, 2)
			if m.Outcome != Rejected || m.Stage != row.stage || len(m.Problems) == 0 || m.Words != r.Words || r.Number != 2 {
				t.Errorf("kept as %+v", m)
			}
			h.clean()
		})
	}
}

func (h *host) stand(name, body, ok string) string {
	switch body {
	case "MISSING":
		return h.path(name)
	case "":
		body = ok + "exit 0;; esac"
	}
	return h.script(name, body)
}

func TestWarningsAreNotes(t *testing.T) {
	h := newHost(t)
	h.exit = func([]string) (Exit, error) {
		return Exit{Output: "[NOTICE] fine\n" + strings.Repeat("[WARNING] odd\n", 7)}, nil
	}
	r := h.applied("reload")
	want := append(strings.Split(strings.TrimSpace(strings.Repeat("HAProxy warns: [WARNING] odd\n", maxWarnings)), "\n"), "HAProxy has more warnings")
	if diff := cmp.Diff(want, r.Notes[:min(len(r.Notes), maxWarnings+1)]); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}
