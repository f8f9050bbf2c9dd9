package reload

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
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

// put saves a host's cluster file as an editor does. It goes through /proc and not through a command, which would take longer than what is measured.
func (h *hosts) put(node *lab.Node, text string) error {
	path := fmt.Sprintf("/proc/%d/root%s", node.PID(1), labpair.ClusterFile)
	fresh := filepath.Join(filepath.Dir(path), ".bench.yaml")
	err := os.WriteFile(fresh, []byte(text), 0o640)
	if err == nil {
		err = os.Chown(fresh, 0, h.group)
	}
	if err == nil {
		err = os.Rename(fresh, path)
	}
	if err != nil {
		return fmt.Errorf("cannot save the cluster file of %q: %v", node.Name, err)
	}
	return nil
}

// reload has lbsup make the saved file live, or wait until it is.
func (h *hosts) reload(ctx context.Context) error {
	_, err := h.node.Run(ctx, "lbsup", "reload")
	return err
}

// settling is longer than lbsup waits after an edit for another one.
const settling = 400 * time.Millisecond

// quiet waits until lbsup has nothing to do: what is saved while it looks at an earlier edit would be seen too early, or too late.
func (h *hosts) quiet(ctx context.Context) error {
	if !pause(ctx, settling) {
		return ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	return labpair.Await(ctx, func(ctx context.Context) error {
		now, err := h.change(ctx)
		if err == nil && now.Outcome == "" {
			err = fmt.Errorf("lbsup is %s", now.Phase)
		}
		return err
	})
}

// workers are the processes of HAProxy, its master too. Each reload makes a new one.
func (h *hosts) workers(ctx context.Context) ([]string, error) {
	out, err := h.node.Run(ctx, "pidof", "haproxy")
	return slices.Sorted(strings.FieldsSeq(out)), err
}

// change is the change that lbsup has made last, or makes.
func (h *hosts) change(ctx context.Context) (status.Change, error) {
	snapshot, err := labpair.Status(ctx, h.node)
	if err != nil || snapshot.Change == nil {
		return status.Change{}, errors.Join(err, errors.New("lbsup tells of no change"))
	}
	return *snapshot.Change, nil
}

// evidence is what the measured host has to say when something went wrong.
func (h *hosts) evidence(ctx context.Context, log io.Writer) {
	for _, unit := range []string{"lbsup.service", "lbsup-apply@reload.service", "haproxy.service"} {
		journal, err := h.node.Run(ctx, "journalctl", "--unit", unit, "--lines", "40", "--no-pager", "--grep", `^(?!.* HTTP/[12]\.)`, "--output", "short-precise")
		fmt.Fprintf(log, "journal of %s on %s: %v\n%s\n", unit, h.node.Name, err, journal)
	}
}
