package pair

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/lab"
)

// Processes are the processes of one unit on a node, held by descriptors: a signal reaches all of them within microseconds, and nobody else.
type Processes struct {
	unit  string
	files []int
}

// Hold finds all processes of a unit, its main process first.
func Hold(ctx context.Context, node *lab.Node, unit string) (*Processes, error) {
	pids, err := unitPIDs(ctx, node, unit)
	if err != nil {
		return nil, err
	}
	p := &Processes{unit: unit}
	for _, inside := range pids {
		pid := node.PID(inside)
		if pid == 0 {
			continue // it has just ended
		}
		file, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			p.Release()
			return nil, fmt.Errorf("cannot hold process %d of %q: %v", pid, unit, err)
		}
		p.files = append(p.files, file)
	}
	if len(p.files) == 0 {
		return nil, fmt.Errorf("cannot hold %q on %q: it has no processes", unit, node.Name)
	}
	return p, nil
}

// unitPIDs are the process IDs of a unit as the node sees them.
func unitPIDs(ctx context.Context, node *lab.Node, unit string) ([]int, error) {
	const script = `set -e
group=$(systemctl show --property ControlGroup --value "$1")
for base in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
	if [ -n "$group" ] && [ -r "$base$group/cgroup.procs" ]; then cat "$base$group/cgroup.procs"; exit; fi
done
echo "unit $1 has no control group" >&2; exit 1`
	out, err := node.Script(ctx, script, unit)
	if err != nil {
		return nil, err
	}
	var pids []int
	for text := range strings.FieldsSeq(out) {
		pid, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("cannot list the processes of %q: got %q, want a process ID", unit, text)
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// Signal reaches all of them. One that has ended needs none.
func (p *Processes) Signal(signal unix.Signal) error {
	for _, file := range p.files {
		if err := unix.PidfdSendSignal(file, signal, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
			return fmt.Errorf("cannot send signal %d to %q: %v", signal, p.unit, err)
		}
	}
	return nil
}

// Kill ends all of them at one moment: they are stopped first, so that none hears of the others' end and says goodbye.
func (p *Processes) Kill() error {
	return errors.Join(p.Signal(unix.SIGSTOP), p.Signal(unix.SIGKILL))
}

// Release lets go of them.
func (p *Processes) Release() {
	for _, file := range p.files {
		unix.Close(file)
	}
	p.files = nil
}
