package kernel

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// child is a process that lives until it is killed.
func child(t *testing.T) *exec.Cmd {
	t.Helper()
	command := exec.Command("sleep", "1000")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { command.Process.Kill(); command.Wait() })
	return command
}

func closed(end <-chan struct{}) bool {
	select {
	case <-end:
		return true
	default:
		return false
	}
}

func await(t *testing.T, end <-chan struct{}) {
	t.Helper()
	select {
	case <-end:
	case <-time.After(15 * time.Second):
		t.Fatal("the end of the process was not seen")
	}
}

func TestExit(t *testing.T) {
	command := child(t)
	pid := command.Process.Pid
	end, err := Exit(t.Context(), pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if closed(end) {
		t.Fatal("a process that was stopped was taken for one that ended")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, end) // nobody has waited for it: a zombie has ended
	again, err := Exit(t.Context(), pid)
	if err != nil {
		t.Fatal(err)
	}
	await(t, again)
	command.Wait()
	gone, err := Exit(t.Context(), pid)
	if err != nil {
		t.Fatal(err)
	}
	if !closed(gone) {
		t.Error("a process that does not exist has not ended")
	}
}

func TestExitOfALivingProcess(t *testing.T) {
	command := child(t)
	before := descriptors(t)
	ctx, cancel := context.WithCancel(t.Context())
	var ends []<-chan struct{}
	for range 50 {
		end, err := Exit(ctx, command.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, end)
	}
	cancel()
	// Nothing is left behind of a watch that was given up.
	for deadline := time.Now().Add(15 * time.Second); descriptors(t) > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d descriptors are open, %d were", descriptors(t), before)
		}
	}
	for _, end := range ends {
		if closed(end) {
			t.Fatal("a process was taken to have ended when its watch did")
		}
	}
}

// descriptors counts the pidfds of this process.
func descriptors(t *testing.T) (n int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil && strings.Contains(target, "pidfd") {
			n++
		}
	}
	return n
}

func TestExitOfNoProcess(t *testing.T) {
	for pid, want := range map[int]string{
		0:  "cannot watch process 0: invalid argument",
		-1: "cannot watch process -1: invalid argument",
	} {
		if _, err := Exit(t.Context(), pid); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestParent(t *testing.T) {
	if got, err := Parent(os.Getpid()); err != nil || got != os.Getppid() {
		t.Errorf("got %d, %v, want %d", got, err, os.Getppid())
	}
	if got, err := Parent(child(t).Process.Pid); err != nil || got != os.Getpid() {
		t.Errorf("got %d, %v, want %d", got, err, os.Getpid())
	}
	_, err := Parent(1 << 30)
	if want := "cannot find the parent of process 1073741824: open /proc/1073741824/stat: no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestParseParent(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       int
		err        string
	}{
		{"plain", "42 (haproxy) S 41 41 41 0", 41, ""},
		{"a name with all that hurts", "42 (a) S 1 (b) R 41 4", 41, ""},
		{"empty", "", 0, "its status has no name"},
		{"cut short", "42 (haproxy) S", 0, "its status is cut short"},
		{"no number", "42 (haproxy) S x", 0, `its status names the parent "x"`},
		{"negative", "42 (haproxy) S -1", 0, `its status names the parent "-1"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseParent(test.text)
			if got != test.want || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
				t.Errorf("got %d, %v, want %d, %s", got, err, test.want, test.err)
			}
		})
	}
}

func FuzzParseParent(f *testing.F) {
	for _, seed := range []string{"42 (haproxy) S 41 41", "", ")", "1 (() R -2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if parent, err := parseParent(text); err == nil && parent < 0 {
			t.Errorf("got %d", parent)
		}
	})
}
