package failover

import (
	"strings"
	"testing"
)

const procStat = "cpu  100 10 40 800 50 5 5 10 7 3\ncpu0 50 5 20 400 25 2 2 5 0 0\n"

func TestBusy(t *testing.T) {
	before, err := parseProcessor(procStat)
	if want := (processor{busy: 170, idle: 850}); err != nil || before != want {
		t.Errorf("got %+v, %v, want %+v", before, err, want)
	}
	after := processor{busy: before.busy + 30, idle: before.idle + 70}
	if got := after.since(before); got != 30 {
		t.Errorf("got %v %%, want 30", got)
	}
	if got := before.since(before); got != 0 {
		t.Errorf("in no time: got %v %%, want 0", got)
	}
	if _, err := readProcessor(); err != nil {
		t.Error(err)
	}
}

func TestBusyErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                           `cannot tell how busy the machine is: got "", want "cpu" and eight times`,
		"cpu 1 2 3\n":                `cannot tell how busy the machine is: got "cpu 1 2 3", want "cpu" and eight times`,
		"cpu 1 2 3 4 5 6 many 8 9\n": `cannot tell how busy the machine is: got "many", want a time`,
	} {
		if _, err := parseProcessor(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func TestBusyness(t *testing.T) {
	if got := busyness(42.4); got != "this machine was busy for 42 % of the time" {
		t.Errorf("got %q", got)
	}
	if got := busyness(97); !strings.HasPrefix(got, "this machine was busy for 97 % of the time: the client had to wait too") {
		t.Errorf("got %q", got)
	}
}

func FuzzParseProcessor(f *testing.F) {
	for _, seed := range []string{procStat, "", "cpu", "cpu  1 2 3 4 5 6 7 8", "cpu 1 2 3 4 5 6 -7 8"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parseProcessor(text)
		if err == nil && (p.busy < 0 || p.idle < 0) {
			t.Errorf("%q: got %+v", text, p)
		}
	})
}
