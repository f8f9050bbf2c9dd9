package notify

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// script writes a program.
func script(t *testing.T, text string) string {
	t.Helper()
	return file(t, "hook", "#!/bin/sh\n"+text+"\n", 0o755)
}

func TestAProgramIsTold(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "/run/not-for-hooks")
	out := filepath.Join(t.TempDir(), "out")
	n, _ := running(t, toProgram(script(t, `{ echo "$@"; env | sort; pwd; cat; } >"$1.new"; mv "$1.new" "$1"`), out, "a b", "$(reboot)"))
	n.Put(became("MASTER"))
	until(t, "the program has run", func() bool { return n.Reports()[0].Told == 1 })
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{out + " a b $(reboot)\n", "\nLBSUP_TO=MASTER\n", "\nLBSUP_CLUSTER=web\n", "\n/\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "NOTIFY_SOCKET") {
		t.Error("it has the supervisor's environment")
	}
}

func TestProgramsThatFail(t *testing.T) {
	for _, row := range []struct {
		name   string
		notice cluster.Notice
		want   string
	}{
		{"it says why", toProgram(script(t, `echo "no route to the pager"; echo more; exit 3`)), "exit status 3: no route to the pager"},
		{"it says nothing", toProgram(script(t, "exit 1")), "exit status 1"},
		{"it says very much", toProgram(script(t, `head -c 10000000 /dev/zero | tr '\0' x; exit 1`)), "exit status 1: " + strings.Repeat("x", 299) + "…"},
		{"it is not there", toProgram("/nowhere/hook"), "cannot run it: fork/exec /nowhere/hook: no such file or directory"},
		{"it may not be run", toProgram(file(t, "hook", "#!/bin/sh\n", 0o644)), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, log := running(t, row.notice)
			n.Put(became("MASTER"))
			until(t, "it has failed", func() bool { return n.Reports()[0].Failed == 1 })
			got := n.Reports()[0]
			if row.want != "" && got.Trouble != row.want {
				t.Errorf("got %q, want %q", got.Trouble, row.want)
			}
			if got.Who != row.notice.Exec[0] || !strings.Contains(log.String(), "cannot tell of what happened") {
				t.Errorf("got %+v and the log %s", got, log)
			}
		})
	}
}

// A program that hangs is ended with its children, and those who are told beside it are told at once.
func TestAProgramThatHangs(t *testing.T) {
	out := filepath.Join(t.TempDir(), "pids")
	hangs := toProgram(script(t, `sleep 1000 & echo $! $$ >"$1.new"; mv "$1.new" "$1"; wait`), out)
	hangs.Timeout = time.Second
	n, _ := running(t, hangs, toProgram("/bin/true"))
	n.Put(became("MASTER"))
	until(t, "the other one was told", func() bool { return n.Reports()[1].Told == 1 })
	until(t, "the first one was given up", func() bool { return n.Reports()[0].Failed == 1 })
	if got := n.Reports()[0].Trouble; got != "it took longer than 1s" {
		t.Errorf("got %q", got)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Logf("on this machine it was ended before it could say who it is: %v", err)
	}
	for _, word := range strings.Fields(string(text)) {
		pid, _ := strconv.Atoi(word)
		until(t, "process "+word+" has ended", func() bool { return gone(pid) })
	}
}

// A program that ends well leaves nobody behind either: its deadline is that of its children.
func TestAProgramWithChildren(t *testing.T) {
	out := filepath.Join(t.TempDir(), "pid")
	n, _ := running(t, toProgram(script(t, `sleep 1000 >/dev/null 2>&1 & echo $! >"$1"`), out))
	n.Put(became("MASTER"))
	until(t, "it has run", func() bool { return n.Reports()[0].Told == 1 })
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	until(t, "its child has ended", func() bool { return gone(pid) })
}

// gone tells whether a process has ended; one that nobody has waited for yet has.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(text), ") Z ")
}
