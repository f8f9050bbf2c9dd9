package probe

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/checks"
)

func TestNewRefuses(t *testing.T) {
	for _, tc := range []struct {
		name  string
		probe checks.Probe
		want  string
	}{
		{"a built-in check", checks.Probe{Kind: checks.KindHAProxy}, `cannot probe check "c": a check of kind "haproxy" is not probed`},
		{"a combined check", checks.Probe{Kind: checks.KindAny}, `cannot probe check "c": a check of kind "any" is not probed`},
		{"no kind", checks.Probe{}, `cannot probe check "c": a check of kind "" is not probed`},
		{"no URL", checks.Probe{Kind: checks.KindHTTP}, `cannot probe check "c": the URL must be http://HOST/PATH or https://HOST/PATH`},
		{"a URL of a file", checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: "file:///etc/passwd"}},
			`cannot probe check "c": the URL must be http://HOST/PATH or https://HOST/PATH`},
		{"a broken URL, whose password is not told", checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: "http://u:secret@[::1"}},
			`cannot probe check "c": the URL must be http://HOST/PATH or https://HOST/PATH`},
		{"an address without a port", checks.Probe{Kind: checks.KindTCP, TCP: "127.0.0.1"}, `cannot probe check "c": got the address "127.0.0.1", want HOST:PORT`},
		{"an interface that leads elsewhere", checks.Probe{Kind: checks.KindInterface, Interface: "../../etc"},
			`cannot probe check "c": got the interface "../../etc", want a name such as eth0`},
		{"an interface of dots", checks.Probe{Kind: checks.KindInterface, Interface: ".."},
			`cannot probe check "c": got the interface "..", want a name such as eth0`},
		{"no program", checks.Probe{Kind: checks.KindExec}, `cannot probe check "c": want a program by its full path, with its arguments`},
		{"a program by its name", checks.Probe{Kind: checks.KindExec, Exec: []string{"true"}},
			`cannot probe check "c": want a program by its full path, with its arguments`},
		{"nobody to ask about servers", checks.Probe{Kind: checks.KindBackend, Backend: "web"},
			`cannot probe check "c": there is no backend to ask about, or nobody to ask`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := New(checks.Definition{Name: "c", Probe: tc.probe}, nil)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
}

// servers is an HAProxy with these servers in each backend.
type servers struct {
	up, total int
	err       error
}

func (s servers) Up(_ context.Context, backend string) (int, int, error) {
	if backend != "web/blue" {
		return 0, 0, errors.New("asked about " + backend)
	}
	return s.up, s.total, s.err
}

func TestBackend(t *testing.T) {
	for _, tc := range []struct {
		name string
		has  servers
		want checks.Result
	}{
		{"some up", servers{up: 2, total: 3}, sure(healthy("2 of 3 servers of web/blue are up"))},
		{"none up", servers{total: 3}, sure(failed("none of 3 servers of web/blue is up"))},
		{"none there", servers{}, failed("HAProxy knows no servers of web/blue")},
		{"no answer", servers{up: 1, err: errors.New("no runtime API")}, doubtful("cannot ask HAProxy about web/blue: no runtime API")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			def := checks.Definition{Name: "c", Probe: checks.Probe{Kind: checks.KindBackend, Backend: "web/blue"}}
			if diff := cmp.Diff(tc.want, ask(t, def, tc.has)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
