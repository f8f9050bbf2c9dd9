package probe

import (
	"context"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

func tcpCheck(address string) checks.Definition {
	return checks.Definition{Name: "db", Probe: checks.Probe{Kind: checks.KindTCP, TCP: address}}
}

func TestTCP(t *testing.T) {
	address := serve(t, func(net.Conn) {})
	if diff := cmp.Diff(healthy("connected to %s", address), ask(t, tcpCheck(address))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTCPEndsWithItsContext(t *testing.T) {
	f, err := New(tcpCheck(serve(t, func(net.Conn) {})))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if diff := cmp.Diff(doubtful("no answer in time"), f(ctx)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
