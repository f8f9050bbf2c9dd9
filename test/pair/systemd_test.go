package pair

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/need"
)

// The systemd adapter against a real systemd, which is that of a booted host: its tests start and stop units.
func TestSystemdAdapter(t *testing.T) {
	need.NoError(t, lab.Missing())
	binary := filepath.Join(t.TempDir(), "systemd.test")
	compile := exec.Command("go", "test", "-c", "-tags", "realsystemd", "-o", binary, "./supervisor/systemd")
	compile.Dir = "../.."
	compile.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("cannot compile: %v: %s", err, out)
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	l, err := lab.Up(ctx, lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Down()
	node := l.Nodes[0]
	if err := node.Write(ctx, "/usr/local/bin/systemd.test", program, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := node.Run(ctx, "/usr/local/bin/systemd.test", "-test.run", "^TestReal", "-test.v")
	if err != nil || !strings.Contains(out, "--- PASS: TestReal") || strings.Contains(out, "--- SKIP") {
		t.Errorf("%v\n%s", err, out)
	}
}
