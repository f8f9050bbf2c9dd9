package lab

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

// When this test program is started with ownerEnv it becomes a lab's owner, so that the test can kill it.
const ownerEnv = "LBSUP_LAB_TEST_OWNER"

func TestMain(m *testing.M) {
	if os.Getenv(ownerEnv) == "" {
		os.Exit(m.Run())
	}
	// The test's other goroutines and cleanups never run in the owner.
	own()
}

func own() {
	l, err := Up(context.Background(), VSphere(), os.Stderr)
	if err != nil {
		os.Stdout.WriteString("failed " + err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString("up " + l.claim.dir + "\n")
	select {}
}

// What an owner that was killed leaves behind goes with the next sweep; a lab whose owner lives stays, and two labs do not collide.
func TestSweep(t *testing.T) {
	living := up(t, VSphere())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	owner := exec.Command(self)
	owner.Env = append(os.Environ(), ownerEnv+"=1")
	owner.Stderr = t.Output()
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	dir, ok := strings.CutPrefix(strings.TrimSpace(line), "up ")
	if err != nil || !ok {
		t.Fatalf("no second lab: %q %v", line, err)
	}
	if rest := traces(t, dir); len(rest) < 4 {
		t.Errorf("a running lab has hardly a trace: %q", rest)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = owner.Wait()

	if err := Sweep(t.Context(), t.Output()); err != nil {
		t.Error(err)
	}
	if rest := traces(t, dir); len(rest) > 0 {
		t.Errorf("still there: %q", rest)
	}
	run(t, living.Node("haproxy-0"), "true")
}

// Down leaves nothing of a lab, not even of one whose host is off.
func TestDown(t *testing.T) {
	need.NoError(t, Missing())
	l, err := Up(t.Context(), Web(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Node("lb1.example.net").PowerOff(t.Context()); err != nil {
		t.Error(err)
	}
	if err := l.Down(); err != nil {
		t.Error(err)
	}
	if rest := traces(t, l.claim.dir); len(rest) > 0 {
		t.Errorf("still there: %q", rest)
	}
}

// traces are all things on this machine that belong to the lab in dir.
func traces(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	patterns := []string{dir, "/run/netns/" + filepath.Base(dir) + "-*"}
	if !systemdManagesMachine() { // which removes its scopes itself, when it gets round to it
		patterns = append(patterns, "/sys/fs/cgroup/"+filepath.Base(dir)+"-*", "/sys/fs/cgroup/*/"+filepath.Base(dir)+"-*")
	}
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, paths...)
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(mounts), dir+"/") {
		found = append(found, "mounts")
	}
	if len(containers(dir)) > 0 {
		found = append(found, "containers")
	}
	return found
}
