package faults

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	bench "github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/need"
)

const repository = "../.."

// patience is far longer than anything here takes on an idle machine, and long enough for a busy one.
const patience = time.Minute

// house is a pair whose faults are watched by a client that asks the VIP all the time and by both kernels.
type house struct {
	*pair.Pair
	cluster       string // the text of the cluster file
	first, second *host  // in the order of preference
	probe         *lab.Probe
	moves         *bench.Watch
}

// up boots a pair whose edits wait for lbsup reload, and returns when it is well.
func up(t *testing.T) *house {
	t.Helper()
	need.NoError(t, lab.Missing())
	need.Programs(t, "strace")
	build, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(repository + "/test/clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Up(t.Context(), lab.OpenShift(), t.Output())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Pair: pair.Of(l), cluster: string(text) + "watch: false\n"}
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
	h.first, h.second = newHost(h, h.First), newHost(h, h.Second)
	h.well(t)
	for _, n := range h.hosts() {
		n.save(t, h.edition(0))
		n.sh(t, "lbsup reload")
		n.sh(t, strikable)
	}
	h.well(t)
	h.watch(t)
	return h
}

func (h *house) hosts() []*host { return []*host{h.first, h.second} }

// watch starts the client and listens to the kernels.
func (h *house) watch(t *testing.T) {
	t.Helper()
	var err error
	if h.moves, err = (&bench.Pair{Lab: h.Lab}).Watch(); err != nil {
		t.Fatal(err)
	}
	h.probe = h.Lab.Probe(pair.URL, 10*time.Millisecond, 2*time.Second)
}

// edition is the cluster file with something in it that no other edition has, for HAProxy; and with something that the one before has not,
// for keepalived.
func (h *house) edition(n int) string {
	interfaces := "interfaces: [enc5]"
	if n%2 == 1 {
		interfaces = "interfaces: [enc5, enc6]"
	}
	return strings.NewReplacer("interfaces: [enc5]", interfaces, "Stats for ocp0 cluster", mark(n)).Replace(h.cluster)
}

// mark is the text in haproxy.cfg by which an edition is known.
func mark(n int) string { return fmt.Sprintf("Edition %d.", n) }

// well waits until both say that they are, the first has the VIPs alone, and the client is answered.
func (h *house) well(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := pair.Await(ctx, h.Well); err != nil {
		t.Fatal(err)
	}
}

// down takes the pair down, and has it testify first when the test has failed.
func (h *house) down(t *testing.T) {
	if h.probe != nil {
		h.probe.Stop()
		h.moves.Stop()
	}
	h.Lab.Evidence(t)
	if err := h.Lab.Down(); err != nil {
		t.Error(err)
	}
}
