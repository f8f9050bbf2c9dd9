package lab

import (
	"os"
	"path/filepath"
	"testing"
)

const nestedEnv = "LBSUP_LAB_TEST_NESTED"

// A lab within a host of a lab: there systemd is PID 1 and gives out the scopes, and / is itself an overlay. Where tests run
// without systemd, this is the only test of that way.
func TestPairUnderSystemd(t *testing.T) {
	if os.Getenv(nestedEnv) != "" {
		t.Skip("one within another is enough: the kernel stacks no third overlay")
	}
	topology := Web()
	topology.Nodes = topology.Nodes[:1]
	node := up(t, topology).Nodes[0]
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := copyFile(self, filepath.Join(node.root, "usr/bin/lab.test"), 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := node.Run(t.Context(), "systemd-run", "--pipe", "--wait", "--quiet", "--setenv=LBSUP_TEST_ALL=1", "--setenv="+nestedEnv+"=1",
		"--setenv=PATH="+hostPath, "/usr/bin/lab.test", "-test.run=^(TestPair|TestDown)$", "-test.v")
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
