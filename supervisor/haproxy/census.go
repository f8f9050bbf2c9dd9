package haproxy

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"time"
)

// Worker is one worker of the master, serving or old.
type Worker struct {
	PID         int
	Old         bool // a reload replaced it, and it lives on for its last connections
	Age         time.Duration
	Reloads     int   // since it was started
	Memory      int64 // resident bytes, 0 if the kernel does not tell
	Connections int   // now, -1 if it does not say
}

// Census counts the workers of a master.
//
// Only the master reaches an old worker, and questions to a wedged one that are given up add up: ten of them lock the master CLI,
// reload included, on every version. So one that gave no answer is never asked again, and after it no other in the same count.
type Census struct {
	Master Master

	mu     sync.Mutex
	silent map[int]bool // workers that once gave no answer
}

// askWorker is how long an old worker may take for its answer. A busy one answers within some 20 ms.
const askWorker = 250 * time.Millisecond

// Workers asks the master for its workers, and each old one for its connections.
func (c *Census) Workers(ctx context.Context) ([]Worker, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	processes, err := c.Master.Processes(ctx)
	if err != nil {
		return nil, err
	}
	c.forget(processes)
	var workers []Worker
	for _, p := range processes.Workers {
		workers = append(workers, worker(p, false))
	}
	asking := true
	for _, p := range processes.OldWorkers {
		w := worker(p, true)
		if asking && !c.silent[p.PID] {
			w.Connections, asking = c.connections(ctx, p.PID)
		}
		workers = append(workers, w)
	}
	return workers, nil
}

// connections asks one old worker. It is false if that gave no answer.
func (c *Census) connections(ctx context.Context, pid int) (int, bool) {
	ctx, cancel := context.WithTimeout(ctx, askWorker)
	defer cancel()
	text, err := ask(ctx, c.Master.Socket, fmt.Sprintf("@!%d show info", pid), infoLimit)
	if err != nil && (silent(err) || ctx.Err() != nil) {
		if c.silent == nil {
			c.silent = map[int]bool{}
		}
		c.silent[pid] = true
		return -1, false
	}
	info, err := ParseInfo(text)
	if err != nil || info.PID != pid { // it has gone meanwhile
		return -1, true
	}
	return info.Connections, true
}

// forget drops those that have gone: their PIDs may come again.
func (c *Census) forget(p Processes) {
	for pid := range c.silent {
		if !p.has(pid) {
			delete(c.silent, pid)
		}
	}
}

func worker(p Process, old bool) Worker {
	return Worker{PID: p.PID, Old: old, Age: p.Uptime, Reloads: p.Reloads, Memory: resident(p.PID), Connections: -1}
}

// resident reads the second number of /proc/PID/statm: pages in memory (proc_pid_statm(5)).
func resident(pid int) int64 {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	fields := bytes.Fields(text)
	if err != nil || len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return max(pages, 0) * int64(os.Getpagesize())
}
