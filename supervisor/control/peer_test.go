package control

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/need"
)

// asOther is set in the copy of the test program that runs as another user.
const asOther = "LBSUP_TEST_CONTROL_SOCKET"

func TestMain(m *testing.M) {
	if socket := os.Getenv(asOther); socket != "" {
		other(socket)
		return
	}
	os.Exit(m.Run())
}

func other(socket string) {
	c := Client{Socket: socket}
	_, err := c.Status(context.Background())
	fmt.Println("status:", text(err))
	_, err = c.Change(context.Background(), Request{Verb: Reload}, func(string) {})
	fmt.Println("change:", text(err))
	var e *Error
	if errors.As(err, &e) {
		fmt.Println("hint:", e.Hint)
	}
}

func TestOtherUsers(t *testing.T) {
	need.Root(t)
	const group, nobody, stranger = 64990, 65534, 64991
	for _, row := range []struct {
		name string
		mode os.FileMode
		cred syscall.Credential
		want string
	}{
		{"in the group", 0o660, syscall.Credential{Uid: stranger, Gid: nobody, Groups: []uint32{5, group}},
			"status: \nchange: \n"},
		{"primary group", 0o660, syscall.Credential{Uid: stranger, Gid: group}, "status: \nchange: \n"},
		{"in 300 groups", 0o660, syscall.Credential{Uid: stranger, Gid: nobody, Groups: many(300, group)},
			"status: \nchange: \n"},
		{"not in the group, socket open to all", 0o666, syscall.Credential{Uid: stranger, Gid: nobody},
			"status: \nchange: cannot change anything for user uid 64991: it is neither root nor in group lbsup-admin\n" +
				"hint: use sudo, or add the user to group lbsup-admin and log in again\n"},
		{"not in the group", 0o660, syscall.Credential{Uid: stranger, Gid: nobody},
			"status: cannot open control socket SOCKET: permission denied\n" +
				"change: cannot open control socket SOCKET: permission denied\n" +
				"hint: use sudo, or add yourself to group lbsup and log in again\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := &fake{change: status.Change{Outcome: status.Live}}
			socket, _ := start(t, f, quick, owned(group, row.mode))
			got := strings.ReplaceAll(runAs(t, &row.cred, socket), strconv.Quote(socket), "SOCKET")
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, r := range f.requests() {
				if r.By != "uid 64991" {
					t.Errorf("asked by %q, want uid 64991", r.By)
				}
			}
		})
	}
}

func many(n int, last uint32) []uint32 {
	var g []uint32
	for i := range n {
		g = append(g, uint32(70000+i))
	}
	return append(g, last)
}

// runAs runs a copy of this program, from a place that every user may enter, as somebody else.
func runAs(t *testing.T, cred *syscall.Credential, socket string) string {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "lbsup")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := dir + "/other"
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(program, self, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Env = []string{asOther + "=" + socket}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("as %+v: %v\n%s", cred, err, out)
	}
	return string(out)
}
