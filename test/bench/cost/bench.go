package cost

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
	"github.com/lbsup/lbsup/test/lab"
)

// Plan is what the benchmark does.
type Plan struct {
	Runs     int           // of each command
	Rest     time.Duration // how long the supervisor is watched at rest
	Quiet    time.Duration // how long a host is watched on which nobody asks
	Setup    pair.Setup
	Save     func(result.Row) error
	Progress io.Writer
}

const (
	benchName = "cost"
	check     = "/usr/libexec/keepalived/lbsup-check"
	nothing   = "/bin/true"
	isActive  = "/usr/bin/systemctl"
)

var names = map[string]string{nothing: "true", check: "lbsup-check", isActive: "systemctl is-active"}

// Run boots a pair of lbsup and measures on it.
func (p Plan) Run(ctx context.Context) error {
	subjects, err := pair.Choose([]string{pair.Lbsup})
	if err != nil {
		return err
	}
	running, err := pair.Up(ctx, subjects[0], p.Setup)
	if err != nil {
		return err
	}
	defer running.Lab.Down()
	for _, step := range []func(context.Context, *pair.Pair) error{p.checks, p.rest, p.forks} {
		if err := step(ctx, running); err != nil {
			return err
		}
	}
	return nil
}

// checks measures the commands inside the home node, and what those who answer them spend meanwhile.
func (p Plan) checks(ctx context.Context, running *pair.Pair) error {
	node := running.Home()
	answering := map[string]int{check: mainPID(ctx, node, "lbsup.service"), isActive: node.PID(1)}
	before := map[string]time.Duration{}
	for command, pid := range answering {
		used, err := processorTime(pid)
		if err != nil {
			return err
		}
		before[command] = used
	}
	p.say("%d times each: true, lbsup-check, systemctl is-active", p.Runs)
	out, err := node.Run(ctx, pair.Tool, "inside", "spawn", strconv.Itoa(p.Runs), nothing, check, isActive+" is-active --quiet haproxy")
	if err != nil {
		return err
	}
	var spent []Spent
	if err := json.Unmarshal([]byte(out), &spent); err != nil {
		return fmt.Errorf("cannot read what was measured: %v", err)
	}
	for _, s := range spent {
		if err := p.saveCommand(s); err != nil {
			return err
		}
	}
	for command, pid := range answering {
		after, err := processorTime(pid)
		if err != nil {
			return err
		}
		each := milliseconds(after-before[command]) / float64(p.Runs)
		if err := p.save("check, processor time of the one who answers", names[command], result.Milliseconds, []float64{each}); err != nil {
			return err
		}
	}
	return nil
}

func (p Plan) saveCommand(s Spent) error {
	if err := p.save("check, processor time", names[s.Command], result.Milliseconds, s.CPU); err != nil {
		return err
	}
	return p.save("check, by the clock", names[s.Command], result.Milliseconds, s.Wall)
}

// rest watches the supervisor of the node that holds the address do what it does when nothing happens.
func (p Plan) rest(ctx context.Context, running *pair.Pair) error {
	if err := running.Settle(ctx); err != nil {
		return err
	}
	pid := mainPID(ctx, running.Home(), "lbsup.service")
	p.say("the supervisor at rest, for %v", p.Rest)
	before, err := processorTime(pid)
	if err != nil {
		return err
	}
	started := time.Now()
	if err := wait(ctx, p.Rest); err != nil {
		return err
	}
	after, err := processorTime(pid)
	if err != nil {
		return err
	}
	share := 100 * float64(after-before) / float64(time.Since(started))
	if err := p.save("supervisor at rest, processor", pair.Lbsup, result.Percent, []float64{share}); err != nil {
		return err
	}
	resident, err := residentMegabytes(pid)
	if err != nil {
		return err
	}
	return p.save("supervisor at rest, resident memory", pair.Lbsup, result.Megabytes, []float64{resident})
}

// forks counts the processes and threads that a host starts while keepalived, which starts lbsup-check every second, is stopped there: what is
// left is what lbsup and HAProxy start. A host's process IDs are handed out in order, so two of them tell how many were between.
func (p Plan) forks(ctx context.Context, running *pair.Pair) error {
	node := running.Peer() // so that the address stays
	if _, err := node.Run(ctx, "systemctl", "stop", "keepalived.service"); err != nil {
		return err
	}
	p.say("processes started in %v while nobody asks", p.Quiet)
	first, err := nextPID(ctx, node)
	if err == nil {
		err = wait(ctx, p.Quiet)
	}
	if err != nil {
		return err
	}
	last, err := nextPID(ctx, node)
	if err != nil {
		return err
	}
	if _, err := node.Run(ctx, "systemctl", "start", "keepalived.service"); err != nil {
		return err
	}
	return p.save(fmt.Sprintf("processes and threads started in %v", p.Quiet), pair.Lbsup, result.Processes, []float64{float64(last - first - 1)})
}

func nextPID(ctx context.Context, node *lab.Node) (int, error) {
	out, err := node.Run(ctx, "sh", "-c", "echo $$")
	if err != nil {
		return 0, err
	}
	return number(out)
}

// mainPID is the main process of a unit as the machine sees it, 0 if there is none.
func mainPID(ctx context.Context, node *lab.Node, unit string) int {
	out, err := node.Run(ctx, "systemctl", "show", "--property", "MainPID", "--value", unit)
	if err != nil {
		return 0
	}
	pid, err := number(out)
	if err != nil || pid == 0 {
		return 0
	}
	return node.PID(pid)
}
