package health

import (
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/need"
)

// crowd makes a copy of the test program open this many connections and hold them until its stdin ends.
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
			_, _ = io.WriteString(os.Stderr, err.Error()+"\n")
			return
		}
		conns = append(conns, conn)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	_ = conns[0].Close()
}

// TestAnotherUserIsNotDrivenOut has user nobody open twice as many connections as there is room for. Root's own is older than
// all of them, and it is still there.
func TestAnotherUserIsNotDrivenOut(t *testing.T) {
	need.Root(t)
	dir := public(t)
	listener, err := net.Listen("unix", dir+"/s")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_ = listener.(*net.UnixListener).SetDeadline(time.Now().Add(time.Minute))
	if err := os.Chmod(dir+"/s", 0o666); err != nil {
		t.Fatal(err)
	}
	g := &gate{Listener: listener, limit: clients, user: peer}
	mine, err := net.Dial("unix", dir+"/s")
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	inside, err := g.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer inside.Close()

	release := gather(t, dir)
	defer release()
	for range 2 * clients {
		conn, err := g.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if user := userOf(conn); user != nobody {
			t.Fatalf("a connection of user %d, want %d", user, nobody)
		}
	}
	if len(g.guests) != clients {
		t.Errorf("%d guests, want %d", len(g.guests), clients)
	}
	_, _ = io.WriteString(inside, "still here")
	word := make([]byte, 64)
	if n, err := mine.Read(word); string(word[:n]) != "still here" {
		t.Errorf("the old connection got %q, %v", word[:n], err)
	}
}

const nobody = 65534

// gather starts the crowd, as user nobody, and returns what ends it.
func gather(t *testing.T, dir string) (release func()) {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/crowd", self, 0o755); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(dir + "/crowd")
	command.Env = []string{crowd + "=" + strconv.Itoa(2*clients), crowdSocket + "=" + dir + "/s"}
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	command.Stderr = os.Stderr
	hold, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = hold.Close()
		_ = command.Wait()
	}
}

// public is a directory that every user may look into; those of the test are root's alone.
func public(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "lbsup-crowd")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
