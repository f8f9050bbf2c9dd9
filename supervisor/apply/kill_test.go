package apply

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"
)

const childOf = "LBSUP_APPLY_TEST_CHILD"

// TestChild is no test: it is the program that TestKill kills.
func TestChild(t *testing.T) {
	dir := os.Getenv(childOf)
	if dir == "" {
		return // nobody's child
	}
	h := hostIn(t, dir)
	_, _ = os.Stdout.WriteString("ready\n")
	for port := 81; ; port++ {
		h.saves(clusterFile(81 + port%100))
		if r := h.apply("reload"); r.Outcome == Rejected {
			t.Fatalf("%+v", r)
		}
	}
}

// TestKill kills a real process in the middle of its applies, again and again, and looks at what it leaves.
func TestKill(t *testing.T) {
	h := hostIn(t, memory(t))
	h.LockWait = time.Minute // the kernel frees the lock of a dead process a moment later
	interrupted := 0
	for round := range 60 {
		h.killed(time.Duration(rand.IntN(6000)) * time.Microsecond)
		a := h.attempt(Request{Kind: Reload})
		must(t, a.prepare(t.Context()))
		unlock, err := a.lock(t.Context(), "test")
		must(t, err)
		err = a.recover(t.Context())
		unlock()
		must(t, err)
		interrupted += len(a.report.Notes)
		if m, err := h.store().Current(); err == nil {
			if h.haproxy() != h.generationFile(m.Number, haproxyName) || h.keepalived() != h.generationFile(m.Number, keepalivedName) {
				t.Fatalf("round %d: generation %d is current, but not what is installed", round, m.Number)
			}
			if drifted, err := h.store().Drift(m); err != nil || len(drifted) > 0 {
				t.Fatalf("round %d: drift %v %v", round, drifted, err)
			}
		}
		h.saves(clusterFile(300 + round))
		h.applied("reload")
		h.clean()
	}
	t.Logf("%d of 60 kills hit a commit", interrupted)
}

// killed runs the child for a while and then kills it.
func (h *host) killed(after time.Duration) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childOf+"="+h.dir)
	out, err := child.StdoutPipe()
	must(h.t, err)
	must(h.t, child.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		h.t.Errorf("the child said %q, %v", line, err)
	}
	<-time.After(after) // a random moment is the point of this test
	cancel()
	_ = child.Wait()
}
