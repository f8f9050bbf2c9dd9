package haproxy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCensus reloads a real HAProxy twice while each of its workers has connections, and wedges one of them.
func TestCensus(t *testing.T) {
	d, _, address := pool(t, "server s1 "+echo(t, "s1").String())
	census := &Census{Master: d.master()}
	first := d.held(address, 3)
	second := d.held(address, 2)
	third := d.held(address, 0)
	d.until("all old workers tell their connections", func() error {
		got := d.count(census)
		want := map[int]int{first: 3, second: 2, third: -1}
		if diff := cmp.Diff(want, got); diff != "" {
			return errors.New(diff)
		}
		return nil
	})
	d.kill(first, syscall.SIGSTOP)
	d.until("all its threads have stopped", func() error {
		threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", first))
		for _, thread := range threads {
			if status, _ := os.ReadFile(thread); !strings.Contains(string(status), "State:\tT") {
				err = errors.New(string(status))
			}
		}
		return err
	})
	defer d.kill(first, syscall.SIGCONT)
	// The wedged one may stand before the other or behind it, which then says nothing in this count.
	if got := d.count(census); got[first] != -1 || got[second] != 2 && got[second] != -1 {
		t.Errorf("with a wedged worker: got %v", got)
	}
	if got := d.count(census); got[first] != -1 || got[second] != 2 {
		t.Errorf("with a worker that is known to be wedged: got %v", got)
	}
}

// held reloads HAProxy after a number of connections came to its worker, which it returns.
func (d *daemon) held(address string, connections int) int {
	d.t.Helper()
	info, err := d.runtime().Info(d.context())
	if err != nil {
		d.t.Fatal(err)
	}
	for range connections {
		connect(d.t, address).hears()
	}
	if connections > 0 {
		if _, err := d.reloader().Reload(d.context(), ""); err != nil {
			d.t.Fatal(err)
		}
	}
	return info.PID
}

func (d *daemon) count(c *Census) map[int]int {
	d.t.Helper()
	workers, err := c.Workers(d.context())
	if err != nil {
		d.t.Fatal(err)
	}
	found := map[int]int{}
	for _, w := range workers {
		if w.Memory < 1<<20 || w.Old == (w.Reloads == 0) {
			d.t.Errorf("got %+v", w)
		}
		found[w.PID] = w.Connections
	}
	return found
}

// TestCensusAsksNoSilentWorkerAgain counts the questions, each of which keeps a place of the master's for good.
func TestCensusAsksNoSilentWorkerAgain(t *testing.T) {
	master := newFake(t, func(command string, _ int) string {
		switch {
		case command == "show proc":
			return processes26
		case strings.HasPrefix(command, "@!7 "):
			return "Pid: 7\nCurrConns: 4\n"
		}
		return hangs
	})
	census := &Census{Master: Master{Socket: master.socket}}
	for count := range 3 {
		workers, err := census.Workers(t.Context())
		want := "5=-1 6=-1 7=-1"
		if count > 0 {
			want = "5=-1 6=-1 7=4"
		}
		if got := told(workers); got != want || err != nil {
			t.Errorf("count %d: got %s, %v, want %s", count, got, err, want)
		}
	}
	want := []string{"show proc", "@!6 show info", "show proc", "@!7 show info", "show proc", "@!7 show info"}
	if diff := cmp.Diff(want, master.commands()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func told(workers []Worker) string {
	var words []string
	for _, w := range workers {
		words = append(words, fmt.Sprintf("%d=%d", w.PID, w.Connections))
	}
	return strings.Join(words, " ")
}

const processes26 = `#<PID>          <type>          <reloads>       <uptime>        <version>      
4               master          2               0d00h01m00s     2.6.12         
# workers
5               worker          0               0d00h00m10s     2.6.12         
# old workers
6               worker          2               0d00h01m00s     2.6.12         
7               worker          1               0d00h00m30s     2.6.12         
# programs

`
