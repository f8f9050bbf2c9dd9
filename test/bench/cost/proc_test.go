package cost

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       time.Duration
		err        string
	}{
		{"user and system time", "7 (lbsup) S 1 7 7 0 -1 4194560 100 0 0 0 12 3 0 0 20 0", 150 * time.Millisecond, ""},
		{"a name with blanks and parentheses", "7 (a) b (c)) S 1 7 7 0 -1 0 0 0 0 0 1 0 0 0", 10 * time.Millisecond, ""},
		{"cut short", "7 (lbsup) S 1", 0, `cannot read a process's statistics: got "7 (lbsup) S 1"`},
		{"nothing", "", 0, `cannot read a process's statistics: got ""`},
		{"no number", "7 (x) S 1 7 7 0 -1 0 0 0 0 0 x 0 0 0", 0, `cannot read a process's statistics: got "x", want ticks`},
		{"less than nothing", "7 (x) S 1 7 7 0 -1 0 0 0 0 0 -1 0 0 0", 0, `cannot read a process's statistics: got "-1", want ticks`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseStat(row.text)
			if got != row.want || text(err) != row.err {
				t.Errorf("got %v, %v; want %v, %q", got, err, row.want, row.err)
			}
		})
	}
}

func TestParseResident(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       float64
		err        string
	}{
		{"found", "Name:\tlbsup\nVmRSS:\t   16384 kB\nThreads:\t9\n", 16, ""},
		{"not there, as of a kernel thread", "Name:\tx\n", 0, `cannot read the memory of a process: there is no good VmRSS in "Name:\tx\n"`},
		{"no number", "VmRSS:\tx kB\n", 0, `cannot read the memory of a process: there is no good VmRSS in "VmRSS:\tx kB\n"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parseResident(row.text)
			if got != row.want || text(err) != row.err {
				t.Errorf("got %v, %v; want %v, %q", got, err, row.want, row.err)
			}
		})
	}
}

// The kernel says of this process what can be read.
func TestOwnProcess(t *testing.T) {
	if spent, err := processorTime(os.Getpid()); err != nil || spent < 0 {
		t.Errorf("got %v, %v", spent, err)
	}
	if used, err := residentMegabytes(os.Getpid()); err != nil || used <= 0 {
		t.Errorf("got %v, %v", used, err)
	}
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	if _, err := processorTime(gone.Process.Pid); err == nil || !strings.HasPrefix(err.Error(), "cannot read the processor time of process ") {
		t.Errorf("a process that has gone: got %v", err)
	}
}

func TestSpawn(t *testing.T) {
	spent, err := Spawn(t.Context(), 3, [][]string{{"true"}, {"sh", "-c", "exit 0"}})
	if err != nil || len(spent) != 2 || spent[1].Command != "sh" {
		t.Fatalf("got %+v, %v", spent, err)
	}
	for _, s := range spent {
		if len(s.Wall) != 3 || len(s.CPU) != 3 {
			t.Errorf("%s: got %d and %d values", s.Command, len(s.Wall), len(s.CPU))
		}
	}
	if _, err := Spawn(t.Context(), 3, [][]string{{"false"}}); text(err) != `cannot measure "false": exit status 1` {
		t.Errorf("a command that fails: got %v", err)
	}
}

func TestNumber(t *testing.T) {
	if n, err := number(" 123\n"); n != 123 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	if _, err := number("x"); text(err) != `cannot read a process ID: got "x"` {
		t.Errorf("got %v", err)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("7 (lbsup) S 1 7 7 0 -1 4194560 100 0 0 0 12 3 0 0 20 0")
	f.Add(")")
	f.Fuzz(func(t *testing.T, stat string) {
		if got, err := parseStat(stat); err != nil && got != 0 {
			t.Errorf("an error, and a time: %v, %v", err, got)
		}
	})
}

func FuzzParseResident(f *testing.F) {
	f.Add("VmRSS:\t   16384 kB\n")
	f.Fuzz(func(t *testing.T, status string) {
		if got, err := parseResident(status); err != nil && got != 0 || got < 0 {
			t.Errorf("got %v, %v", got, err)
		}
	})
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
