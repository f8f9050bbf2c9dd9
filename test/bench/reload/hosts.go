package reload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
	labpair "github.com/lbsup/lbsup/test/lab/cmd/pair"
)

// hosts are a pair of which the first host is measured and the second stands by.
type hosts struct {
	pair  *labpair.Pair
	node  *lab.Node
	group int // lbsup's
}

// direct is the first host's own address, for where there is no VIP.
const direct = "172.18.0.11"

func up(ctx context.Context, setup pair.Setup) (*hosts, error) {
	l, err := lab.Up(ctx, lab.OpenShift(), setup.Log)
	if err != nil {
		return nil, err
	}
	p := labpair.Of(l)
	h := &hosts{pair: p, node: p.First}
	pem, err := selfMade()
	if err == nil {
		err = p.OnBoth(ctx, func(ctx context.Context, node *lab.Node) error { return node.Write(ctx, certificate, pem, 0o600) })
	}
	if err != nil {
		return nil, errors.Join(err, l.Down())
	}
	return h, nil
}

func (h *hosts) down() { _ = h.pair.Lab.Down() }

// install brings lbsup to both hosts and waits until the first serves the VIP.
func (h *hosts) install(ctx context.Context, setup pair.Setup) error {
	if err := h.pair.Install(ctx, labpair.Source{Repository: setup.Repository, Build: setup.Programs}); err != nil {
		return err
	}
	out, err := h.node.Run(ctx, "getent", "group", "lbsup")
	if err != nil {
		return err
	}
	if h.group, err = groupID(out); err != nil {
		return err
	}
	for _, node := range h.pair.Nodes() {
		if err := h.put(node, loadText(false, 0)); err != nil {
			return err
		}
	}
	if err := h.pair.Start(ctx); err != nil {
		return err
	}
	return h.answers(ctx)
}

// answers waits until the first host is well, has the VIP, and answers there: a VIP that moves afterwards takes all connections with it.
func (h *hosts) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errors.New("the time is up"))
	defer cancel()
	client := h.pair.Lab.Client(time.Second)
	return labpair.Await(ctx, func(ctx context.Context) error {
		snapshot, err := labpair.Status(ctx, h.node)
		if err == nil {
			err = labpair.Complaint(snapshot)
		}
		if err != nil {
			return err
		}
		_, err = lab.Ask(ctx, client, "http://"+vip+"/")
		return errors.Join(err, h.holds())
	})
}

// holds complains unless the measured host alone has the VIP.
func (h *hosts) holds() error {
	address := netip.MustParseAddr(vip)
	for _, node := range h.pair.Nodes() {
		held, err := node.Holds(address)
		if err == nil && held != (node == h.node) {
			err = fmt.Errorf("%s holds the VIP: %v", node.Name, held)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func groupID(line string) (int, error) {
	fields := strings.Split(strings.TrimSpace(line), ":")
	if len(fields) < 3 {
		return 0, fmt.Errorf("cannot find the group of lbsup: got %q", line)
	}
	return strconv.Atoi(fields[2])
}

// evidence is what the measured host has to say when something went wrong.
func (h *hosts) evidence(ctx context.Context, log io.Writer) {
	for _, unit := range []string{"lbsup.service", "lbsup-apply@reload.service", "haproxy.service"} {
		journal, err := h.node.Run(ctx, "journalctl", "--unit", unit, "--lines", "40", "--no-pager", "--grep", `^(?!.* HTTP/[12]\.)`, "--output", "short-precise")
		fmt.Fprintf(log, "journal of %s on %s: %v\n%s\n", unit, h.node.Name, err, journal)
	}
}
