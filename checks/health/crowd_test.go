package health

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// crowd makes a copy of the test program open this many connections, print a line, and hold them until its stdin ends.
const crowd, crowdSocket = "LBSUP_TEST_CROWD", "LBSUP_TEST_CROWD_SOCKET"

func TestMain(m *testing.M) {
	many, asked := os.LookupEnv(crowd)
	if !asked {
		m.Run()
		return
	}
	n, _ := strconv.Atoi(many)
	var conns []net.Conn
	for range n {
		conn, err := net.Dial("unix", os.Getenv(crowdSocket))
		if err != nil {
			_, _ = io.WriteString(os.Stdout, err.Error()+"\n")
			return
		}
		conns = append(conns, conn)
	}
	_, _ = io.WriteString(os.Stdout, "there\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = conns[0].Close()
}

// TestAnotherUserIsNotDrivenOut has user nobody open more connections than there is room for, while root's own, which is older
// than all of them, has not yet asked its question: it is still there to ask it.
func TestAnotherUserIsNotDrivenOut(t *testing.T) {
	if os.Geteuid() != 0 {
		needed(t, "this test needs root")
	}
	h := open(t)
	for _, dir := range []string{h.path[:strings.LastIndex(h.path, "/")], h.path[:strings.LastIndex(h.path, "/")] + "/.."} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program := reachable(t)
	mine := h.dial(t)
	command := exec.Command(program)
	command.Env = []string{crowd + "=" + strconv.Itoa(2*clients), crowdSocket + "=" + h.path}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	hold, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	word := make([]byte, 64)
	n, _ := out.Read(word)
	if string(word[:n]) != "there\n" {
		t.Errorf("the crowd said %q", word[:n])
	}
	_, _ = io.WriteString(mine, "GET /check/haproxy HTTP/1.0\r\n\r\n")
	answer, err := io.ReadAll(mine)
	if !strings.HasPrefix(string(answer), "HTTP/1.0 200 OK\r\n") {
		t.Errorf("the old connection got %q, %v", answer, err)
	}
	_ = hold.Close()
	_ = command.Wait()
}

// reachable copies the test program to where every user may run it.
func reachable(t *testing.T) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("/tmp", "lbsup-crowd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(dir+"/crowd", self, 0o755)); err != nil {
		t.Fatal(err)
	}
	return dir + "/crowd"
}

// needed skips on a laptop and fails where everything must be tested.
func needed(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" || os.Getenv("LBSUP_TEST_ALL") == "1" {
		t.Fatal(what)
	}
	t.Skip(what)
}
