package truth

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/need"
)

const (
	repository = "../.."
	patience   = 30 * time.Second // far longer than anything here takes, also on a busy machine
)

// A machine that is busy with other tests shows that things happen, and not how fast: `make truth` is for that.
var (
	rounds = flag.Int("rounds", 5, "how often each split is made")
	within = flag.Duration("within", patience, "how soon both nodes must tell of it")
	silent = flag.Duration("silent", patience, "how long a client may be without an answer when keepalived is killed")
	gone   = flag.Duration("gone", patience, "how soon an orphan must be gone")
)

// house is a pair under lbsup.
type house struct{ *pair.Pair }

func up(t *testing.T) house {
	t.Helper()
	need.NoError(t, lab.Missing())
	need.Programs(t, "nft")
	build := t.TempDir()
	for _, program := range []string{"lbsup", "lbsup-check"} {
		cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(build, program), "./cmd/"+program)
		cmd.Dir, cmd.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("cannot build %s: %v: %s", program, err, out)
		}
	}
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	h := house{pair.Of(l)}
	t.Cleanup(func() { h.down(t) })
	source := pair.Source{Repository: repository, Build: build}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return h.Install(ctx, source) },
		func(ctx context.Context) error { return h.Configure(ctx, source) },
		h.Start,
	} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.await(t, h.Well)
	return h
}

// down takes the pair down, and has it testify first when the test has failed.
func (h house) down(t *testing.T) {
	h.Lab.Evidence(t, "systemctl status lbsup-wire.socket lbsup-wire.service")
	if err := h.Lab.Down(); err != nil {
		t.Error(err)
	}
}

func (h house) await(t *testing.T, complaint func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := pair.Await(ctx, complaint); err != nil {
		t.Fatal(err)
	}
}

func sh(t *testing.T, n *lab.Node, command string) string {
	t.Helper()
	out, err := n.Run(context.WithoutCancel(t.Context()), "/bin/sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

// told complains until a node has a finding with these words.
func told(ctx context.Context, n *lab.Node, words string) error {
	s, err := pair.Status(ctx, n)
	if err != nil {
		return err
	}
	if !has(s, words) {
		return fmt.Errorf("%s does not tell of %q: %v", n.Name, words, s.Findings)
	}
	return nil
}

func has(s status.Snapshot, words string) bool {
	for _, f := range s.Findings {
		if strings.Contains(f.What, words) {
			return true
		}
	}
	return false
}

// both says whether both nodes have every VIP.
func (h house) both() error {
	for _, n := range h.Nodes() {
		for _, vip := range pair.VIPs {
			if held, err := n.Holds(vip); err != nil || !held {
				return errors.Join(err, fmt.Errorf("%s does not hold %s", n.Name, vip))
			}
		}
	}
	return nil
}
