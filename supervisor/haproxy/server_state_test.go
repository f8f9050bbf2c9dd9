package haproxy

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/haproxy"
)

const states26 = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_check_state srv_fqdn srv_port srv_use_ssl
3 b 1 s1 127.0.0.2 0 0 1 1 6 - 77 0
3 b 2 s2 ::1 0 1 5 1 2 - 10 1
3 b 3 named - 0 32 1 1 6 s.example 80 0
3 b 4 configured 127.0.0.1 0 4 1 1 0 - 80 0

`

func TestParseServerStates(t *testing.T) {
	got, err := parseServerStates(states26)
	if err != nil {
		t.Fatal(err)
	}
	want := map[haproxy.Target]serverState{
		{Backend: "b", Server: "s1"}:         {address: "127.0.0.2:77", weight: "1", checked: true},
		{Backend: "b", Server: "s2"}:         {address: "[::1]:10", maintenance: true, weight: "5", tls: true},
		{Backend: "b", Server: "named"}:      {weight: "1", checked: true},
		{Backend: "b", Server: "configured"}: {address: "127.0.0.1:80", weight: "1"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(serverState{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseServerStatesRefuses(t *testing.T) {
	const heading = "1\n# be_name srv_name srv_addr srv_admin_state srv_uweight srv_check_state srv_port\n"
	for _, row := range []struct{ name, text, want string }{
		{"nothing", "", `cannot read the state of HAProxy's servers: got "", want the heading of version 1`},
		{"another version", "2\n# be_name\n", `cannot read the state of HAProxy's servers: got "2", want the heading of version 1`},
		{"no heading", "1\nb s\n", `cannot read the state of HAProxy's servers: got "1", want the heading of version 1`},
		{"a column missing", "1\n# be_name srv_name\n", `cannot read the state of HAProxy's servers: no column "srv_addr"`},
		{"a short row", heading + "b s\n", "cannot read the state of HAProxy's servers: a row is short of columns"},
		{"a state in words", heading + "b s 127.0.0.1 up 1 0 80\n", `cannot read the state of HAProxy's servers: srv_admin_state: got "up"`},
		{"a check in words", heading + "b s 127.0.0.1 0 1 on 80\n", `cannot read the state of HAProxy's servers: srv_check_state: got "on"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := parseServerStates(row.text)
			refused(t, err, row.want)
		})
	}
}

func FuzzParseServerStates(f *testing.F) {
	for _, seed := range []string{states26, "", "1", "1\n# ", "1\n# be_name be_name srv_name srv_addr srv_admin_state srv_uweight srv_check_state srv_port\nb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		states, err := parseServerStates(text)
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
