package reload

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// serversAdded measures one server added to many: at run time, and beside it in the same file with a line for which HAProxy has to be reloaded.
func (p Plan) serversAdded(ctx context.Context, h *hosts) error {
	for _, servers := range p.Servers {
		if err := h.make(ctx, manyText(servers, "", "")); err != nil {
			return err
		}
		for _, subject := range []string{pair.Lbsup, lbsupReloads} {
			if err := p.serverAdded(ctx, h, subject, servers); err != nil {
				return err
			}
		}
	}
	return p.memory(ctx, h)
}

// make saves a file and waits until it is live.
func (h *hosts) make(ctx context.Context, text string) error {
	if err := h.put(h.node, text); err != nil {
		return err
	}
	_, err := h.node.Run(ctx, "lbsup", "reload", "--force") // other services go
	return err
}

func (p Plan) serverAdded(ctx context.Context, h *hosts, subject string, servers int) error {
	var took, reloads []float64
	for n := 1; n <= p.Added; n++ {
		more := ""
		if subject == lbsupReloads {
			more = strconv.Quote(anotherLine(n))
		}
		d, reloaded, err := h.add(ctx, manyText(servers, oneMore(n), more))
		if err != nil {
			return err
		}
		took, reloads = append(took, milliseconds(d)), append(reloads, float64(reloaded))
		if err := h.make(ctx, manyText(servers, "", "")); err != nil { // so that the next one is new again
			return err
		}
		p.say("%s: one server added to %d takes traffic after %v, reloads: %d", subject, servers, d.Round(time.Millisecond), reloaded)
	}
	name := fmt.Sprintf("one server added to %d", servers)
	if err := p.save(partAdded, subject, name+": saved, until it takes traffic", result.Milliseconds, took); err != nil {
		return err
	}
	return p.save(partAdded, subject, name, result.Reloads, reloads)
}

// add saves a file with one more server and returns how long it took until that server answered, and how often HAProxy was reloaded for it.
func (h *hosts) add(ctx context.Context, text string) (took time.Duration, reloads int, err error) {
	if err := h.quiet(ctx); err != nil {
		return 0, 0, err
	}
	before, err := h.workers(ctx)
	if err != nil {
		return 0, 0, err
	}
	url := fmt.Sprintf("http://%s:%d/", vip, firstPort)
	took, err = h.answered(ctx, url, func() error { return h.put(h.node, text) }, fromNew)
	if err != nil {
		return 0, 0, err
	}
	if err := h.reload(ctx); err != nil { // returns when the change is through
		return 0, 0, err
	}
	after, err := h.workers(ctx)
	return took, appeared(before, after), err
}

// appeared counts the processes that were not there before. One that has gone is an old worker whose last connection has ended.
func appeared(before, after []string) int {
	n := 0
	for _, pid := range after {
		if !slices.Contains(before, pid) {
			n++
		}
	}
	return n
}

// memory is the most that the supervisor has used, with all those servers.
func (p Plan) memory(ctx context.Context, h *hosts) error {
	out, err := h.node.Run(ctx, "systemctl", "show", "--property", "MainPID", "--value", "lbsup.service")
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(out))
	if err != nil {
		return fmt.Errorf("cannot read the process ID of lbsup: %v", err)
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.node.PID(pid)))
	if err != nil {
		return fmt.Errorf("cannot read the memory of lbsup: %v", err)
	}
	peak, err := parsePeak(string(text))
	if err != nil {
		return err
	}
	return p.save(partAdded, pair.Lbsup, fmt.Sprintf("peak memory of the supervisor with %d servers", slices.Max(p.Servers)), result.Megabytes, []float64{peak})
}

func parsePeak(status string) (megabytes float64, err error) {
	for line := range strings.Lines(status) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" && f[2] == "kB" {
			kilobytes, err := strconv.ParseUint(f[1], 10, 63)
			return float64(kilobytes) / 1024, err
		}
	}
	return 0, fmt.Errorf("cannot read the memory of a process: there is no good VmHWM in %q", status)
}
