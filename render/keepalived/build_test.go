package keepalived

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const options = "\n\nCopyright(C) 2001-2022 Alexandre Cassen\n\nConfig options:  NFTABLES LVS VRRP VRRP_AUTH VRRP_VMAC JSON\n\nSystem options:  VSYSLOG\n"

func TestParseBuild(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Build
		err        string
	}{
		{"Debian 12", "Keepalived v2.2.7 (01/16,2022)" + options, installed, ""},
		{"Enterprise Linux 9", "Keepalived v2.2.8 (04/04,2023), git commit v2.2.7-154-g292b299e+" + options,
			Build{Version: "2.2.8", Major: 2, Minor: 2, Patch: 8, Auth: true}, ""},
		{"the oldest", "Keepalived v2.1.5 (07/13,2020)\nConfig options:  LVS VRRP\n", Build{Version: "2.1.5", Major: 2, Minor: 1, Patch: 5}, ""},
		{"a later one", "Keepalived v3.0.0 (01/01,2030)\n", Build{Version: "3.0.0", Major: 3}, ""},
		{"too old", "Keepalived v2.0.10 (11/12,2018)" + options, Build{}, "cannot render for keepalived 2.0.10: want 2.1.5 or later"},
		{"nothing", "", Build{}, `cannot read the version of keepalived: got "", want the output of keepalived -v`},
		{"something else", "sh: keepalived: not found\nmore", Build{},
			`cannot read the version of keepalived: got "sh: keepalived: not found", want the output of keepalived -v`},
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
	f.Add("Keepalived v2.2.7 (01/16,2022)" + options)
	f.Add("Keepalived v99999.1.1")
	f.Add("Keepalived v2.2.\nConfig options:")
	f.Fuzz(func(t *testing.T, text string) {
		build, err := ParseBuild(text)
		if err == nil && !build.atLeast(2, 1, 5) {
			t.Errorf("got %+v without an error", build)
		}
	})
}
