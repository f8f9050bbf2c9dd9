package haproxy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	// As 2.6.12 of Debian writes it.
	proc26 = `#<PID>          <type>          <reloads>       <uptime>        <version>      
6535            master          2 [failed: 1]   0d00h00m02s     2.6.12-1+deb12u4
# workers
6625            worker          1               0d00h00m01s     2.6.12-1+deb12u4
# programs

`
	// 2.4 has a column more, two words in one heading, and writes what an old worker's relative PID was.
	proc24 = `#<PID>          <type>          <relative PID>  <reloads>       <uptime>        <version>
1162            master          0               5               0d00h02m07s     2.4.22-f8e3218
# workers
1271            worker          1               0               1d00h00m00s     2.4.22-f8e3218
# old workers
1233            worker          [was: 1]        3               0d00h00m43s     2.4.22-f8e3218
# programs
1244            foo             0               0               0d00h00m00s     -
# old programs
1255            bar             0               1               0d00h00m00s     -
`
	proc32 = `#<PID>          <type>          <reloads>       <uptime>        <version>
152             master          1 [failed: 0]   0d00h00m10s     3.2.26-1
# workers
201             worker          0               0d00h00m03s     3.2.26-1
# old workers
155             worker          1               0d00h00m10s     3.2.26-1

`
)

func TestParseProcesses(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       Processes
	}{
		{"2.6", proc26, Processes{
			Master:  Process{6535, "master", 2, 1, 2 * time.Second, "2.6.12-1+deb12u4"},
			Workers: []Process{{6625, "worker", 1, 0, time.Second, "2.6.12-1+deb12u4"}},
		}},
		{"2.4", proc24, Processes{
			Master:      Process{1162, "master", 5, 0, 127 * time.Second, "2.4.22-f8e3218"},
			Workers:     []Process{{1271, "worker", 0, 0, 24 * time.Hour, "2.4.22-f8e3218"}},
			OldWorkers:  []Process{{1233, "worker", 3, 0, 43 * time.Second, "2.4.22-f8e3218"}},
			Programs:    []Process{{1244, "foo", 0, 0, 0, "-"}},
			OldPrograms: []Process{{1255, "bar", 1, 0, 0, "-"}},
		}},
		{"3.2", proc32, Processes{
			Master:     Process{152, "master", 1, 0, 10 * time.Second, "3.2.26-1"},
			Workers:    []Process{{201, "worker", 0, 0, 3 * time.Second, "3.2.26-1"}},
			OldWorkers: []Process{{155, "worker", 1, 0, 10 * time.Second, "3.2.26-1"}},
		}},
		{"a column and a section to come", "#<PID> <new> <type>\n1 x master\n# strangers\n2 x worker\n", Processes{
			Master: Process{PID: 1, Type: "master"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseProcesses(test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestParseProcessesRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "cannot read HAProxy's process list: it names no master"},
		{"an unknown command", "Unknown command: 'show proc'\n", "cannot read line 1 of HAProxy's process list: got 4 fields, want 0"},
		{"no master", "#<PID> <type>\n# workers\n2 worker\n", "cannot read HAProxy's process list: it names no master"},
		{"a row cut short", "#<PID> <type> <reloads>\n1 master\n", "cannot read line 2 of HAProxy's process list: got 2 fields, want 3"},
		{"a PID in words", "#<PID> <type>\none master\n", `cannot read line 2 of HAProxy's process list: PID: got "one"`},
		{"PID 0", "#<PID> <type>\n0 master\n", "cannot read line 2 of HAProxy's process list: it has no PID or no type"},
		{"an uptime in words", "#<PID> <type> <uptime>\n1 master long\n", `cannot read line 2 of HAProxy's process list: uptime: got "long"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParseProcesses(test.text); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func FuzzParseProcesses(f *testing.F) {
	for _, seed := range []string{proc24, proc26, proc32, "", "#<PID>\n1", "# workers\n", "#<PID> <type>\n-1 master [failed: 99999999999999999999]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, err := ParseProcesses(text)
		if err != nil {
			return
		}
		if found.Master.PID <= 0 || found.Master.Failed < 0 {
			t.Errorf("got the master %+v", found.Master)
		}
		for _, rows := range [][]Process{found.Workers, found.OldWorkers, found.Programs, found.OldPrograms} {
			for _, row := range rows {
				if row.PID <= 0 || row.Type == "" || row.Uptime < 0 {
					t.Errorf("got the row %+v", row)
				}
			}
		}
	})
}

func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{"", "Success=1\n--\n", "Success=0\n--\n[ALERT] x\n", "Success=1", "success=1", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if answer := ParseAnswer(text); len(answer.Words) > 5<<10 {
			t.Errorf("got %d bytes of words", len(answer.Words))
		}
	})
}

func TestParseAnswer(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       Answer
	}{
		{"before 2.7", "", Answer{}},
		{"accepted", "Success=1\n--\n[NOTICE]   (1) : Loading success.\n", Answer{Accepted, "[NOTICE]   (1) : Loading success."}},
		{"refused", "Success=0\n--\n[ALERT]    (1) : config : no\n\n", Answer{Refused, "[ALERT]    (1) : config : no"}},
		{"without words", "Success=0\n", Answer{Refused, ""}},
		{"of another kind", "Permission denied\n", Answer{Unknown, "Permission denied"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ParseAnswer(test.text)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
