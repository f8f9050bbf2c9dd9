package haproxy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const info26 = `Name: HAProxy
Version: 2.6.12-1+deb12u4
Pid: 6625
Uptime: 1d 2h03m04s
Maxconn: 9934
CurrConns: 3
node: vm
description: lbsup abc123: two
Stopping: 0
`

func TestParseInfo(t *testing.T) {
	got, err := ParseInfo(info26)
	if err != nil {
		t.Fatal(err)
	}
	want := Info{
		Version: "2.6.12-1+deb12u4", PID: 6625, Uptime: 26*time.Hour + 3*time.Minute + 4*time.Second,
		Node: "vm", Description: "lbsup abc123: two", Connections: 3, Maxconn: 9934,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, err = ParseInfo("PID: 1\nStopping: 1\n"); err != nil || !got.Stopping {
		t.Errorf("got %+v, %v, want one that is stopping", got, err)
	}
}

func TestParseInfoRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "cannot read HAProxy's information: it names no process"},
		{"permission denied", "Permission denied\n", "cannot read HAProxy's information: it names no process"},
		{"a PID in words", "Pid: one\n", `cannot read HAProxy's information: pid: got "one"`},
		{"a negative uptime", "Pid: 1\nUptime: 0d-1s\n", `cannot read HAProxy's information: uptime: got "0d-1s"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParseInfo(test.text); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func FuzzParseInfo(f *testing.F) {
	for _, seed := range []string{info26, "", "Pid:1", "Uptime: 99999d99999h", ":::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if info, err := ParseInfo(text); err == nil && (info.PID <= 0 || info.Uptime < 0) {
			t.Errorf("got %+v", info)
		}
	})
}

const stat26 = `# pxname,svname,scur,status,weight,act,bck,lastchg,type,check_status,last_chk,addr,check_desc,
in,FRONTEND,1,OPEN,,,,,0,,,,,
b,s1,2,DOWN,1,1,0,5,2,* L4CON,"Connection refused, twice ""so""",127.0.0.1:9,Layer4 connection problem,
b,s2,0,no check,7,1,0,1,2,,,[::1]:9,,
b,BACKEND,2,UP,8,1,0,1,1,,,,,

`

func TestParseStat(t *testing.T) {
	got, err := ParseStat(stat26)
	if err != nil {
		t.Fatal(err)
	}
	want := Stat{
		Frontends: []Frontend{{Name: "in", Status: "OPEN", Sessions: 1}},
		Backends:  []Backend{{Name: "b", Status: "UP", Active: 1, LastChange: time.Second, Sessions: 2}},
		Servers: []Server{
			{
				Backend: "b", Name: "s1", Address: "127.0.0.1:9", Status: "DOWN", CheckStatus: "L4CON",
				CheckReason: `Layer4 connection problem: Connection refused, twice "so"`, LastChange: 5 * time.Second, Weight: 1, Sessions: 2,
			},
			{Backend: "b", Name: "s2", Address: "[::1]:9", Status: "no check", LastChange: time.Second, Weight: 7},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestServerUp(t *testing.T) {
	for status, want := range map[string]bool{
		"UP": true, "UP 1/3": true, "no check": true, "DOWN": false, "DOWN 1/2": false, "MAINT": false,
		"MAINT (resolution)": false, "DRAIN": false, "NOLB": false, "": false, "UPSIDE": false,
	} {
		if got := (Server{Status: status}).Up(); got != want {
			t.Errorf("%q is up: got %v, want %v", status, got, want)
		}
	}
}

func TestParseStatRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"nothing", "", "cannot read HAProxy's statistics: no heading"},
		{"words", "Permission denied", "cannot read HAProxy's statistics: no heading"},
		{"no status", "# pxname,svname,type,\n", `cannot read HAProxy's statistics: no column "status"`},
		{"an open quote", "# pxname,svname,status,type,\nb,\"s", "cannot read HAProxy's statistics: parse error on line 2, column 5: extraneous or missing \" in quoted-field"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := ParseStat(test.text); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

func FuzzParseStat(f *testing.F) {
	for _, seed := range []string{stat26, "", "# pxname,svname,status,type\nb,s,UP,2", "# pxname,svname,status,type,lastchg\nb,s,UP,2,-9223372036854775808"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		stat, _ := ParseStat(text)
		for _, server := range stat.Servers {
			if server.LastChange < 0 {
				t.Errorf("got %+v", server)
			}
		}
	})
}

func TestRuntimeOfARealWorker(t *testing.T) {
	d := newDaemon(t)
	info := d.started()
	if info.Description != "lbsup first" || info.PID == 0 || info.PID == d.command.Process.Pid || info.Stopping || info.Maxconn == 0 {
		t.Errorf("got %+v", info)
	}
	runtime := d.runtime()
	var servers []Server
	d.until("server one is down", func() (err error) {
		if servers, err = runtime.Servers(d.context()); err == nil && len(servers) == 2 && servers[0].Up() {
			err = errEmpty
		}
		return err
	})
	for i := range servers {
		servers[i].LastChange = 0
	}
	want := []Server{
		{
			Backend: "out", Name: "one", Address: "127.0.0.1:9", Status: "DOWN", CheckStatus: "L4CON",
			CheckReason: "Layer4 connection problem: Connection refused", Weight: 1,
		},
		{Backend: "out", Name: "two", Address: "127.0.0.1:9", Status: "no check", Weight: 7},
	}
	if diff := cmp.Diff(want, servers); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	stat, err := runtime.Stat(d.context())
	if err != nil || len(stat.Backends) != 1 || stat.Backends[0].Name != "out" || !stat.Backends[0].Up() {
		t.Errorf("got %+v, %v", stat.Backends, err)
	}
}

func TestHealthyIsWhatACheckSaw(t *testing.T) {
	for _, row := range []struct {
		status, check string
		want          bool
	}{
		{"UP", "L7OK", true}, {"UP 2/3", "L4OK", true}, {"UP 1/3", "INI", false}, {"no check", "", false}, {"DOWN", "L4CON", false},
		{"NOLB", "L7OKC", false}, {"DRAIN", "L4OK", false}, {"DOWN 1/2", "L4OK", false},
	} {
		if got := (Server{Status: row.status, CheckStatus: row.check}).Healthy(); got != row.want {
			t.Errorf("%s, %s: got %v, want %v", row.status, row.check, got, row.want)
		}
	}
}

func TestFrontends(t *testing.T) {
	d := newDaemon(t)
	d.configure("first", "frontend closed\n\tdisabled\n\tbind "+freeAddress(t)+"\nfrontend other\n\tbind "+freeAddress(t)+"\n")
	d.started()
	c := Changer{Runtime: d.runtime()}
	if _, err := c.tell(d.context(), "disable frontend in;shutdown frontend other"); err != nil {
		t.Fatal(err)
	}
	got, err := d.runtime().Frontends(d.context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Frontend{{Name: "in", Status: "PAUSED"}, {Name: "other", Status: "STOP"}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !got[0].Paused() || got[0].Open() || got[1].Paused() || got[1].Open() {
		t.Errorf("got %+v", got)
	}
}
