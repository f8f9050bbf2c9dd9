package haproxy

import (
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/haproxy"
)

// The columns of 2.6 are also those of 2.4, 3.0 and 3.2.
const states26 = stateHeading + `3 b 1 s1 127.0.0.2 0 0 1 1 12 8 2 0 6 0 0 0 - 77 - 0 0 - - 0
3 b 2 s2 ::1 0 1 5 3 1 1 0 2 2 0 0 0 - 10 - 1 0 - - 0
3 b 3 named - 0 32 1 1 1 1 0 0 6 0 0 0 s.example 80 - 0 0 - - 0
3 b 4 configured 127.0.0.1 0 5 1 1 1 1 0 2 0 0 0 0 - 80 - 0 0 - - 0
3 b 5 drained 127.0.0.1 2 8 0 1 1 6 3 4 6 0 0 0 - 80 - 0 0 - - 0
3 b 6 changed 127.0.0.1 2 0 1 1 -1 6 3 4 6 0 0 0 - 80 - 0 0 - - 0

`

func b(server string) haproxy.Target { return haproxy.Target{Backend: "b", Server: server} }

var sameAddresses = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestParseStates(t *testing.T) {
	got, err := ParseStates(states26)
	if err != nil {
		t.Fatal(err)
	}
	loop := netip.MustParseAddr("127.0.0.1")
	want := []ServerState{
		{Target: b("s1"), Address: netip.MustParseAddr("127.0.0.2"), Port: 77, Checked: true, Weight: 1, Initial: 1, Since: 12 * time.Second},
		{Target: b("s2"), Address: netip.IPv6Loopback(), Port: 10, Maint: true, TLS: true, Weight: 5, Initial: 3, Since: time.Second},
		{Target: b("named"), Host: "s.example", Port: 80, Checked: true, Weight: 1, Initial: 1, Since: time.Second},
		{Target: b("configured"), Address: loop, Port: 80, Maint: true, Configured: true, Weight: 1, Initial: 1, Since: time.Second},
		{Target: b("drained"), Address: loop, Port: 80, Up: true, Drain: true, Checked: true, Initial: 1, Since: time.Second},
		{Target: b("changed"), Address: loop, Port: 80, Up: true, Checked: true, Weight: 1, Initial: 1},
	}
	if diff := cmp.Diff(want, got, sameAddresses); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseStatesRefuses(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", `cannot read the state of HAProxy's servers: got "", want the heading of version 1`},
		{"another version", "2\n# be_name\n", `cannot read the state of HAProxy's servers: got "2", want the heading of version 1`},
		{"no heading", "1\nb s\n", `cannot read the state of HAProxy's servers: got "1", want the heading of version 1`},
		{"a column missing", "1\n# be_name srv_name\n", `cannot read the state of HAProxy's servers: no column "srv_addr"`},
		{"a short row", stateHeading + "3 b 1 s\n", "cannot read the state of HAProxy's servers: a row is short of columns"},
		{"a state in words", stateHeading + "3 b 1 s - 2 up 1 1 1 1 0 0 6 0 0 0 - 80 - 0 0 - - 0\n", `cannot read the state of HAProxy's servers: srv_admin_state: got "up"`},
		{"a check in words", stateHeading + "3 b 1 s - 2 0 1 1 1 1 0 0 on 0 0 0 - 80 - 0 0 - - 0\n", `cannot read the state of HAProxy's servers: srv_check_state: got "on"`},
		{"a port too large", stateHeading + "3 b 1 s - 2 0 1 1 1 1 0 0 6 0 0 0 - 65536 - 0 0 - - 0\n", `cannot read the state of HAProxy's servers: srv_port: got "65536"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ParseStates(row.text)
			refused(t, err, row.want)
		})
	}
}

func FuzzParseStates(f *testing.F) {
	for _, seed := range []string{states26, "", "1", "1\n# ", stateHeading + "0 b 0 s"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		states, err := ParseStates(text)
		if err != nil && states != nil {
			t.Errorf("got %v with %v", states, err)
		}
	})
}

func TestMarkOf(t *testing.T) {
	for value, want := range map[string]string{
		"type=str value=<0123abcd>": "0123abcd", "type=str value=<changing>": "changing", "type=str value=<a b>": "", "type=sint value=<1>": "", "": "",
	} {
		if got := markOf(value); got != want {
			t.Errorf("%q: got %q, want %q", value, got, want)
		}
	}
}
