package reload

import (
	"errors"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/test/bench/result"
)

func TestUnknownPart(t *testing.T) {
	err := Plan{Parts: []string{"plan-cost", "flood"}}.Run(t.Context())
	want := `cannot measure "flood": got an unknown part, want one of plan-cost, reload, edit-live, server-added`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestPlanCostRows(t *testing.T) {
	var cases []string
	plan := Plan{Parts: []string{partCost}, Planned: []int{3}, Progress: io.Discard, Save: func(row result.Row) error {
		cases = append(cases, row.Case)
		return nil
	}}
	if err := plan.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"3 servers: parse", "3 servers: render", "3 servers: difference", "3 servers: parse + render + difference"}
	if diff := cmp.Diff(want, cases); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	plan.Save = func(result.Row) error { return errors.New("the disk is full") }
	if err := plan.Run(t.Context()); err == nil || err.Error() != "the disk is full" {
		t.Errorf("got %v", err)
	}
}

func TestReloadRows(t *testing.T) {
	type row struct {
		Case, Unit string
		Raw        []result.Number
	}
	var got []row
	plan := Plan{Save: func(r result.Row) error {
		got = append(got, row{r.Case, r.Unit, r.Raw})
		return nil
	}}
	lost := map[kind][]float64{fresh: {0, 0}, kept: {2, 1}, keptH2: {0, 0}, long: {0, 1}}
	total := map[kind]tally{fresh: {10, 0}, kept: {20, 3}, keptH2: {30, 0}, long: {40, 1}}
	if err := plan.saveReloads("x", []float64{5, 6}, lost, total); err != nil {
		t.Fatal(err)
	}
	want := []row{
		{"a reload, until it is known to serve", "ms", []result.Number{5, 6}},
		{"requests on new connections, for each reload", "failed requests", []result.Number{0, 0}},
		{"requests on new connections, in all", "failed requests", []result.Number{0}},
		{"requests on new connections, in all", "requests", []result.Number{10}},
		{"requests on kept connections, HTTP/1.1, for each reload", "failed requests", []result.Number{2, 1}},
		{"requests on kept connections, HTTP/1.1, in all", "failed requests", []result.Number{3}},
		{"requests on kept connections, HTTP/1.1, in all", "requests", []result.Number{20}},
		{"requests on kept connections, HTTP/2 over TLS, for each reload", "failed requests", []result.Number{0, 0}},
		{"requests on kept connections, HTTP/2 over TLS, in all", "failed requests", []result.Number{0}},
		{"requests on kept connections, HTTP/2 over TLS, in all", "requests", []result.Number{30}},
		{"long-lived TCP connections, for each reload", "broken connections", []result.Number{0, 1}},
		{"long-lived TCP connections, in all", "broken connections", []result.Number{1}},
		{"long-lived TCP connections, in all", "requests", []result.Number{40}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParsePeak(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       float64
		err        string
	}{
		{"a process", "Name:\tlbsup\nVmHWM:\t   20480 kB\nVmRSS:\t   10240 kB\n", 20, ""},
		{"a kernel thread", "Name:\tkthreadd\n", 0, `cannot read the memory of a process: there is no good VmHWM in "Name:\tkthreadd\n"`},
		{"no number", "VmHWM: much kB\n", 0, `strconv.ParseUint: parsing "much": invalid syntax`},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := parsePeak(row.text)
			said := ""
			if err != nil {
				said = err.Error()
			}
			if got != row.want || said != row.err {
				t.Errorf("got %v, %q, want %v, %q", got, said, row.want, row.err)
			}
		})
	}
}

// FuzzParsePeak checks that odd text is no reason to panic, and that memory is never negative.
func FuzzParsePeak(f *testing.F) {
	f.Add("VmHWM:\t   20480 kB\n")
	f.Add("VmHWM: -1 kB\nVmHWM:")
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := parsePeak(text); err == nil && got < 0 {
			t.Errorf("got %v from %q", got, text)
		}
	})
}

func TestGroupID(t *testing.T) {
	for _, row := range []struct {
		line string
		want int
		err  string
	}{
		{"lbsup:x:996:\n", 996, ""},
		{"", 0, `cannot find the group of lbsup: got ""`},
		{"lbsup:x:many:\n", 0, `strconv.Atoi: parsing "many": invalid syntax`},
	} {
		got, err := groupID(row.line)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if got != row.want || said != row.err {
			t.Errorf("%q: got %d, %q, want %d, %q", row.line, got, said, row.want, row.err)
		}
	}
}

func TestAppeared(t *testing.T) {
	for _, row := range []struct {
		name          string
		before, after []string
		want          int
	}{
		{"nothing happened", []string{"1", "2"}, []string{"1", "2"}, 0},
		{"an old worker has ended", []string{"1", "2", "3"}, []string{"1", "3"}, 0},
		{"a reload", []string{"1", "2"}, []string{"1", "2", "3"}, 1},
		{"two reloads", []string{"1", "2"}, []string{"1", "3", "4"}, 2},
	} {
		if got := appeared(row.before, row.after); got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
}
