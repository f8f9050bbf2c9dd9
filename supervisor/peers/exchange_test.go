package peers

import (
	"math"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func TestTwoNodesHearEachOther(t *testing.T) {
	one, two := pair(t)
	ahead := func() time.Time { return time.Now().Add(5 * time.Second) }
	a, b := run(t, one, time.Now), run(t, two, ahead)
	for _, row := range []struct {
		x    *Exchange
		of   string
		skew float64
	}{{a, "lb2", 5}, {b, "lb1", -5}} {
		until(t, "one hears "+row.of, func() bool { p := row.x.Peers(); return len(p) == 1 && p[0].Summary != nil })
		p := row.x.Peers()[0]
		if p.Node != row.of || p.Summary.Node != row.of || p.Summary.Version != "1.2.3" || p.Summary.Generation != 7 || !p.Summary.Well || p.Trouble != "" {
			t.Errorf("got %+v of %s, with %+v", p, row.of, p.Summary)
		}
		if off := math.Abs(p.Skew - row.skew); off > p.Within+0.001 {
			t.Errorf("%s: skew %f within %f, want %f", row.of, p.Skew, p.Within, row.skew)
		}
		if row.x.Trouble() != "" {
			t.Errorf("%s: %s", row.of, row.x.Trouble())
		}
	}
}

func TestANodeThatGoesAndComesBack(t *testing.T) {
	one, two := pair(t)
	a := run(t, one, time.Now)
	until(t, "nobody answers", func() bool { p := a.Peers(); return len(p) == 1 && p[0].Trouble == "connection refused" })
	if p := a.Peers()[0]; p.Summary != nil || !p.Heard.IsZero() || p.Since.IsZero() {
		t.Errorf("one that was never heard: %+v", p)
	}
	b := run(t, two, time.Now)
	until(t, "it is heard", func() bool { return a.Peers()[0].Trouble == "" })
	heard := a.Peers()[0].Since
	b.Replace(Settings{})
	until(t, "it is gone", func() bool { return a.Peers()[0].Trouble != "" })
	p := a.Peers()[0]
	if p.Summary == nil || p.Summary.Node != "lb2" || !p.Since.After(heard) {
		t.Errorf("one that was heard before: %+v", p)
	}
	if len(b.Peers()) != 0 || b.Trouble() != "" {
		t.Errorf("switched off it still knows %v, %s", b.Peers(), b.Trouble())
	}
}

// A port that is taken, and files that cannot be used, are told and end nothing.
func TestTrouble(t *testing.T) {
	one, _ := pair(t)
	l, err := net.Listen("tcp", one.at(one.Self))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	x := run(t, one, time.Now)
	until(t, "it says that the port is taken", func() bool {
		return x.Trouble() == "cannot listen for peers on "+one.at(one.Self)+": address already in use"
	})
	missing := one
	missing.KeyFile = "/nowhere/peers.key"
	x.Replace(missing)
	until(t, "it says that the file is missing", func() bool { return x.Trouble() == "cannot read /nowhere/peers.key: no such file or directory" })
}

// A renewed key file is used without a restart.
func TestAKeyFileIsChanged(t *testing.T) {
	one, two := pair(t)
	two.KeyFile = file(t, "other.key", strings.ToUpper(secret), 0o600)
	a := run(t, one, time.Now)
	run(t, two, time.Now)
	until(t, "they do not believe each other", func() bool { return strings.Contains(trouble(a), "an authority that this node does not know") })
	if err := os.WriteFile(two.KeyFile, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, "they do", func() bool { p := a.Peers(); return p[0].Summary != nil && p[0].Trouble == "" })
}

// trouble is that with the first peer.
func trouble(x *Exchange) string {
	if p := x.Peers(); len(p) > 0 {
		return p[0].Trouble
	}
	return ""
}
