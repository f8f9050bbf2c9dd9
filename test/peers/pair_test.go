package peers

import (
	"context"
	"errors"
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
	patience   = 60 * time.Second // far longer than anything here takes, also on a busy machine
	secret     = "bm9ib2R5LWV2ZXItcmVhZHMtdGhpcy1pbi1hLWxvZw=="
	keyFile    = "/etc/lbsup/peers.key"
	hook       = "/usr/local/bin/hook"
	diary      = "/var/lib/lbsup/records/hook.log"
)

// house is a pair whose nodes tell each other how they are.
type house struct {
	*pair.Pair
	build string
}

func up(t *testing.T) house {
	t.Helper()
	need.NoError(t, lab.Missing())
	need.Programs(t, "nft")
	h := house{build: t.TempDir()}
	build(t, filepath.Join(h.build, "lbsup"), "lbsup", "")
	build(t, filepath.Join(h.build, "lbsup-check"), "lbsup-check", "")
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	h.Pair = pair.Of(l)
	t.Cleanup(func() { h.down(t) })
	source := pair.Source{Repository: repository, Build: h.build}
	for _, step := range []func(context.Context) error{
		func(ctx context.Context) error { return h.Install(ctx, source) },
		func(ctx context.Context) error { return h.Configure(ctx, source) },
		func(ctx context.Context) error { return h.OnBoth(ctx, acquaint) },
		h.Start,
	} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	h.await(t, h.Well)
	return h
}

// acquaint gives a node the secret and the hook before it starts.
func acquaint(ctx context.Context, n *lab.Node) error {
	script := "#!/bin/sh\n{ echo \"id=$(id -un)\"; env | grep ^LBSUP_ | sort; } >>" + diary + "\n"
	return errors.Join(n.Write(ctx, hook, []byte(script), 0o755), giveKey(ctx, n, secret),
		run(ctx, n, `printf 'peers: {key_file: %s}\nnotify:\n  - exec: [%s]\n' `+keyFile+` `+hook+` >>`+pair.ClusterFile))
}

func giveKey(ctx context.Context, n *lab.Node, key string) error {
	return errors.Join(n.Write(ctx, keyFile, []byte(key+"\n"), 0o640), run(ctx, n, "chgrp lbsup "+keyFile))
}

func run(ctx context.Context, n *lab.Node, script string) error {
	_, err := n.Run(ctx, "/bin/sh", "-c", script)
	return err
}

func build(t *testing.T, to, program, flags string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", to, "./cmd/"+program)
	cmd.Dir, cmd.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("cannot build %s: %v: %s", program, err, out)
	}
}

// down takes the pair down, and has it testify first when the test has failed.
func (h house) down(t *testing.T) {
	h.Lab.Evidence(t, "cat "+diary)
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

func (h house) other(n *lab.Node) *lab.Node {
	if n == h.First {
		return h.Second
	}
	return h.First
}

// sees waits until what a node says of the other one is as wanted.
func (h house) sees(t *testing.T, n *lab.Node, what string, is func(status.Snapshot, status.Peer) bool) {
	t.Helper()
	h.await(t, func(ctx context.Context) error {
		s, err := pair.Status(ctx, n)
		if err != nil {
			return err
		}
		if len(s.Peers) != 1 || s.Peers[0].Node != h.other(n).Name || !is(s, s.Peers[0]) {
			return fmt.Errorf("%s does not see that %s: %+v", n.Name, what, s.Peers)
		}
		return nil
	})
}

func sh(t *testing.T, n *lab.Node, script string) string {
	t.Helper()
	out, err := n.Run(t.Context(), "/bin/sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}
