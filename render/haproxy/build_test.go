package haproxy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const features = "\nKnown bugs: http://www.haproxy.org/bugs/\n\nFeature list : -51DEGREES +OPENSSL +LUA -QUIC\n\nDefault settings :\n"

func TestParseBuild(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Build
		err        string
	}{
		{"Debian 12", "HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/" + features,
			Build{Version: "2.6.12-1+deb12u4", Major: 2, Minor: 6, TLS: true}, ""},
		{"Enterprise Linux 9", "HAProxy version 2.4.22-f8e3218 2023/02/14 - https://haproxy.org/" + features,
			Build{Version: "2.4.22-f8e3218", Major: 2, Minor: 4, TLS: true}, ""},
		{"a development version", "HAProxy version 3.3-dev1-abcdef 2025/06/11\nFeature list : +OPENSSL_AWSLC\n",
			Build{Version: "3.3-dev1-abcdef", Major: 3, Minor: 3, TLS: true}, ""},
		{"without TLS", "HAProxy version 3.2.1 2025/06/10\nFeature list : -OPENSSL\n", Build{Version: "3.2.1", Major: 3, Minor: 2}, ""},
		{"too old", "HA-Proxy version 2.2.9-2+deb11u5 2023/04/10 - https://haproxy.org/" + features,
			Build{}, "cannot render for HAProxy 2.2.9-2+deb11u5: want 2.4 or later"},
		{"older still", "HA-Proxy version 1.8.27 2020/11/06\n", Build{}, "cannot render for HAProxy 1.8.27: want 2.4 or later"},
		{"nothing", "", Build{}, `cannot read the version of HAProxy: got "", want the output of haproxy -vv`},
		{"something else", "sh: haproxy: not found\nmore", Build{},
			`cannot read the version of HAProxy: got "sh: haproxy: not found", want the output of haproxy -vv`},
		{"something long", strings.Repeat("x", 100), Build{},
			`cannot read the version of HAProxy: got "` + strings.Repeat("x", 80) + `", want the output of haproxy -vv`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseBuild(c.text)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("build (-want +got):\n%s", diff)
			}
			if text := message(err); text != c.err {
				t.Errorf("error:\n got %q\nwant %q", text, c.err)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func FuzzParseBuild(f *testing.F) {
	f.Add("HAProxy version 2.6.12-1+deb12u4 2026/10/17" + features)
	f.Add("HA-Proxy version 99999.1")
	f.Add("HAProxy version 3.\nFeature list :")
	f.Fuzz(func(t *testing.T, text string) {
		build, err := ParseBuild(text)
		if err == nil && !build.atLeast(2, 4) {
			t.Errorf("got %+v without an error", build)
		}
	})
}
