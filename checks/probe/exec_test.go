package probe

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

func execCheck(argv ...string) checks.Definition {
	return checks.Definition{Name: "script", Probe: checks.Probe{Kind: checks.KindExec, Exec: argv}}
}

func shell(script string, args ...string) checks.Definition {
	return execCheck(append([]string{"/bin/sh", "-c", script, "sh"}, args...)...)
}

func TestExec(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "/run/not-yours")
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		def  checks.Definition
		want checks.Result
	}{
		{"exit 0", execCheck("/bin/true"), healthy("exit status 0")},
		{"exit 1", execCheck("/bin/false"), failed("exit status 1")},
		{"its first line is the reason", shell("echo; echo ' replica lag 3s '; echo more"), healthy("replica lag 3s")},
		{"of either stream", shell("echo broken >&2; exit 3"), failed("broken")},
		{"printable, in one line", shell(`printf '\033[31mred\nx'; exit 1`), failed("?[31mred")},
		{"arguments are not looked at by a shell", shell(`echo "$1"; exit $2`, "$(id); *", "0"), healthy("$(id); *")},
		{"the supervisor's environment stays its own", shell(`echo "<$NOTIFY_SOCKET>"`), healthy("<>")},
		{"ten megabytes", shell("yes no | head -c 10000000"), healthy("no")},
		{"ended by a signal", shell("kill -9 $$"), doubtful("the program was ended by a signal: signal: killed")},
		{"not there", execCheck("/no/such/program"), doubtful("cannot run the program: fork/exec /no/such/program: no such file or directory")},
		{"not a program", execCheck(plain), doubtful("cannot run the program: fork/exec %s: permission denied", plain)},
		{"stdin is empty", execCheck("/bin/cat"), healthy("exit status 0")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, ask(t, tc.def)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestExecLeavesNobodyBehind has programs whose child would live on: it must be gone, and must not be waited for.
func TestExecLeavesNobodyBehind(t *testing.T) {
	for _, tc := range []struct {
		name    string
		script  string
		timeout time.Duration
		want    checks.Result
	}{
		{"at the deadline", `sleep 1000 & echo $! >"$1"; wait`, 200 * time.Millisecond, doubtful("no answer in time")},
		{"of a program that ends well", `sleep 1000 & echo $! >"$1"; echo fine`, 0, healthy("fine")},
		{"of a program that fails", `sleep 1000 & echo $! >"$1"; exit 1`, 0, failed("exit status 1")},
		{"of one that closed its output", `sleep 1000 >/dev/null 2>&1 & echo $! >"$1"`, 0, healthy("exit status 0")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "pid")
			def := shell(tc.script, file)
			def.Timeout = tc.timeout
			if diff := cmp.Diff(tc.want, ask(t, def)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, "the child's end", func() bool { return gone(pid) })
		})
	}
}

// gone tells whether a process has ended; what PID 1 has not yet buried counts as ended.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || strings.Contains(string(stat), ") Z ")
}

// eventually waits for what another process is about to do.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s did not come", what)
}
