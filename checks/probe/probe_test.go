package probe

import (
	"testing"

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
		{"one that shares its question", checks.Probe{Kind: checks.KindBackend, Backend: "web"},
			`cannot probe check "c": a check of kind "backend" is not probed`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := New(checks.Definition{Name: "c", Probe: tc.probe})
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v\nwant %s", err, tc.want)
			}
		})
	}
}
