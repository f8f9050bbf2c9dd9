package cluster

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLosses(t *testing.T) {
	data, err := os.ReadFile("../../test/clusters/web-centos.yaml")
	if err != nil {
		t.Fatal(err)
	}
	before := parsed(t, string(data))
	server := func(n string) string { return "      - {name: web" + n + ", address: \"192.0.2.2" + n + ":80\"}\n" }
	for _, row := range []struct {
		name string
		edit *strings.Replacer
		want []string
	}{
		{"nothing changed", strings.NewReplacer(), nil},
		{"one of three servers", strings.NewReplacer(server("1"), ""), nil},
		{"two of three servers", strings.NewReplacer(server("1"), "", server("2"), ""), []string{"services: web loses 2 of its 3 servers"}},
		{"every server has another name", strings.NewReplacer("name: web1", "name: a", "name: web2", "name: b", "name: web3", "name: c"),
			[]string{"services: web loses 3 of its 3 servers"}},
		{"the servers move to other addresses", strings.NewReplacer("192.0.2.2", "192.0.2.4"), nil},
		{"a service is renamed", strings.NewReplacer("- name: web\n", "- name: site\n"), []string{"services: web loses 3 of its 3 servers"}},
		{"the VIP is another", strings.NewReplacer("192.0.2.10/24", "192.0.2.9/24"), []string{"vrrp.instances: VI_1 loses the VIP 192.0.2.10"}},
		{"the VIP has another prefix", strings.NewReplacer("192.0.2.10/24", "192.0.2.10/25"), nil},
		{"the VIP moves to another instance", strings.NewReplacer("name: VI_1", "name: VI_2"), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			after := parsed(t, row.edit.Replace(string(data)))
			if diff := cmp.Diff(row.want, Losses(before, after)); diff != "" {
				t.Errorf("losses (-want +got):\n%s", diff)
			}
		})
	}
}

func parsed(t *testing.T, text string) *Cluster {
	t.Helper()
	c, problems := Parse("lbsup.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}
