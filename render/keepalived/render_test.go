package keepalived

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/cluster"
)

// pair is the first node of a small pair that can be changed.
func pair() *cluster.Local {
	c := of(2, true)
	c.Nodes[0].Address, c.Nodes[1].Address = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	c.VRRP.Version, c.VRRP.AdvertInterval = 3, 200*time.Millisecond
	i := &c.VRRP.Instances[0]
	i.Interface, i.RouterID = "eth0", 7
	i.Addresses = []cluster.VIP{{Address: netip.MustParsePrefix("192.0.2.10/24"), Interface: "eth0"}}
	return &cluster.Local{Cluster: c, Node: c.Nodes[0], Peers: c.Nodes[1:]}
}

// lines returns the lines of an instance.
func lines(t *testing.T, l *cluster.Local, build Build) string {
	t.Helper()
	config, err := Render(l, secrets, build)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(config.Text), "vrrp_instance VI {\n")
	text = strings.TrimSuffix(text, "}\n")
	return strings.ReplaceAll(strings.TrimSpace(text), "\n    ", "\n")
}

func TestInstance(t *testing.T) {
	const begin = "state BACKUP\ninterface eth0\nvirtual_router_id 7\npriority 50\nadvert_int 0.2\n"
	const end = "\ntrack_file {\n    VI\n}\ntrack_script {\n    lbsup\n}"
	const vip = "virtual_ipaddress {\n    192.0.2.10/24 dev eth0\n}"
	for _, c := range []struct {
		name   string
		change func(*cluster.Local)
		want   string
	}{
		{"as it is", func(l *cluster.Local) {}, begin + vip + end},
		{"without preemption", func(l *cluster.Local) { l.VRRP.Instances[0].Preempt = false }, begin + vip + end},
		{"unicast", func(l *cluster.Local) { l.VRRP.Unicast = true },
			begin + "unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.2\n}\n" + vip + end},
		{"unicast without a peer", func(l *cluster.Local) { l.VRRP.Unicast, l.Peers = true, nil }, begin + vip + end},
		{"IPv6", func(l *cluster.Local) {
			l.VRRP.Instances[0].Addresses = []cluster.VIP{
				{Address: netip.MustParsePrefix("fe80::10/64"), Interface: "eth0"}, {Address: netip.MustParsePrefix("2001:db8::10/64"), Interface: "eth1.5"}}
		}, begin + "virtual_ipaddress {\n    fe80::10/64 dev eth0\n}\nvirtual_ipaddress_excluded {\n    2001:db8::10/64 dev eth1.5\n}" + end},
		{"a label and a tracked interface", func(l *cluster.Local) {
			l.VRRP.Instances[0].Addresses[0].Label = "eth0:1"
			l.VRRP.Instances[0].Track.Interfaces = []string{"eth1", "eth2"}
		}, begin + "virtual_ipaddress {\n    192.0.2.10/24 dev eth0 label eth0:1\n}\ntrack_interface {\n    eth1\n    eth2\n}" + end},
		{"authentication", func(l *cluster.Local) {
			l.VRRP.Version, l.VRRP.AdvertInterval = 2, time.Second
			l.VRRP.Instances[0].Auth = &cluster.Auth{Type: "ah", PasswordFile: "/etc/lbsup/vrrp.password"}
		}, strings.Replace(begin, "0.2", "1", 1) + "authentication {\n    auth_type AH\n    auth_pass \"1234abcd\"\n}\n" + vip + end},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := pair()
			c.change(l)
			if diff := cmp.Diff(c.want, lines(t, l, installed)); diff != "" {
				t.Errorf("instance (-want +got):\n%s", diff)
			}
			config, err := Render(l, secrets, installed)
			if err != nil {
				t.Fatal(err)
			}
			if code, words := check(t, string(config.Text), "eth0", "eth1", "eth1.5", "eth2"); code != 0 {
				t.Errorf("keepalived -t: exit %d\n%s", code, words)
			}
		})
	}
}

func TestSeconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1", 10 * time.Millisecond: "0.01", 1250 * time.Millisecond: "1.25", 3 * time.Minute: "180", 15 * time.Millisecond: "0.01",
	} {
		if got := seconds(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestRenderErrors(t *testing.T) {
	auth := func(l *cluster.Local, file string) {
		l.VRRP.Instances[0].Auth = &cluster.Auth{Type: "pass", PasswordFile: file}
	}
	for _, c := range []struct {
		name   string
		change func(*cluster.Local, *Build)
		err    string
	}{
		{"too many nodes", func(l *cluster.Local, _ *Build) { l.Nodes = make([]cluster.Node, 17) }, "cannot plan priorities for 17 nodes: want at most 16"},
		{"unicast between families", func(l *cluster.Local, _ *Build) {
			l.VRRP.Unicast, l.Node.Address = true, netip.MustParseAddr("2001:db8::1")
		}, "vrrp.instances.VI: cannot send unicast adverts for 192.0.2.10/24 from 2001:db8::1: want addresses of one family"},
		{"no authentication in keepalived", func(l *cluster.Local, b *Build) { auth(l, "/good"); b.Auth = false },
			"vrrp.instances.VI.auth: cannot authenticate adverts: keepalived 2.2.7 was built without VRRP authentication"},
		{"no password", func(l *cluster.Local, _ *Build) { auth(l, "/none") },
			`vrrp.instances.VI.auth: cannot find the contents of "/none" among the secrets`},
		{"an empty password", func(l *cluster.Local, _ *Build) { auth(l, "/empty") },
			`vrrp.instances.VI.auth: cannot use the password from "/empty": got 0 characters, want 1 to 8`},
		{"a long password", func(l *cluster.Local, _ *Build) { auth(l, "/long") },
			`vrrp.instances.VI.auth: cannot use the password from "/long": got 9 characters, want 1 to 8`},
		{"a quote in the password", func(l *cluster.Local, _ *Build) { auth(l, "/quote") },
			`vrrp.instances.VI.auth: cannot use the password from "/quote": keepalived takes no blanks and none of " \ $ ~ in it`},
		{"a definition in the password", func(l *cluster.Local, _ *Build) { auth(l, "/definition") },
			`vrrp.instances.VI.auth: cannot use the password from "/definition": keepalived takes no blanks and none of " \ $ ~ in it`},
		{"a sequence in the password", func(l *cluster.Local, _ *Build) { auth(l, "/sequence") },
			`vrrp.instances.VI.auth: cannot use the password from "/sequence": keepalived takes no blanks and none of " \ $ ~ in it`},
		{"an interface of two words", func(l *cluster.Local, _ *Build) { l.VRRP.Instances[0].Interface = "eth0 eth1" },
			`cannot write "eth0 eth1" into keepalived's configuration: want one word of letters, digits and . _ / : , + % = * - @`},
		{"a brace", func(l *cluster.Local, _ *Build) { l.VRRP.Instances[0].Track.Interfaces = []string{"{"} },
			`cannot write "{" into keepalived's configuration: want one word of letters, digits and . _ / : , + % = * - @`},
		{"a second line in a mail address", func(l *cluster.Local, _ *Build) { l.VRRP.Mail = &cluster.Mail{To: []string{"a@b\nnotify x"}} },
			`cannot write "a@b\nnotify x" into keepalived's configuration: want one word of letters, digits and . _ / : , + % = * - @`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, build := pair(), installed
			c.change(l, &build)
			_, err := Render(l, cluster.Secrets{"/good": "good", "/empty": "", "/long": "123456789", "/quote": `a"b`,
				"/definition": "$_PWD", "/sequence": "~SEQ(1)"}, build)
			if got := message(err); got != c.err {
				t.Errorf("error:\n got %q\nwant %q", got, c.err)
			}
		})
	}
}

func TestTrackFileKeyword(t *testing.T) {
	for version, want := range map[Build]string{
		{Version: "2.1.5", Major: 2, Minor: 1, Patch: 5}: "\nvrrp_track_file VI {\n    file /run/keepalived-lbsup/VI\n",
		{Version: "2.2.8", Major: 2, Minor: 2, Patch: 8}: "\ntrack_file VI {\n    file /run/keepalived-lbsup/VI\n",
	} {
		config, err := Render(pair(), secrets, version)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(config.Text, []byte(want)) {
			t.Errorf("keepalived %s: want %q in\n%s", version.Version, want, config.Text)
		}
	}
}

func TestRedact(t *testing.T) {
	config, err := Render(local(t, clusterFile(t, "web-centos"), "lb1.example.net"), secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	if got := Redact(config.Text); bytes.Contains(got, []byte("1234abcd")) || !bytes.Contains(got, []byte("\n        auth_pass ***\n")) {
		t.Errorf("the password is shown:\n%s", got)
	}
	if !bytes.Contains(config.Text, []byte(`auth_pass "1234abcd"`)) {
		t.Errorf("the configuration itself lost its password:\n%s", config.Text)
	}
}

func TestForTestLeavesScriptsToRoot(t *testing.T) {
	config, err := Render(pair(), secrets, installed)
	if err != nil {
		t.Fatal(err)
	}
	got := ForTest(config.Text)
	if bytes.Contains(got, []byte("keepalived_script")) || !bytes.Contains(got, []byte("    script_user root\n")) || !bytes.Contains(got, []byte("    user root\n")) {
		t.Errorf("the copy for the test:\n%s", got)
	}
	if !bytes.Contains(config.Text, []byte("script_user keepalived_script")) {
		t.Errorf("the configuration itself was changed:\n%s", config.Text)
	}
}

// FuzzWord wants whatever is accepted to stay one word of one line, and nothing that opens, closes or comments.
func FuzzWord(f *testing.F) {
	for _, s := range []string{"eth0", "a b", "a\nb", "{", "}", "!", "#", "$A", `"`, "@x", "a@b", "~SEQ(1)", "eth0\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := &page{}
		p.line("interface", text)
		if p.err == nil && p.text.String() != "interface "+text+"\n" || strings.ContainsAny(p.text.String(), "{}!#$\"\\~\r") {
			t.Errorf("%q is written as %q", text, p.text.String())
		}
		if p.err == nil && len(strings.Fields(p.text.String())) != 2 || strings.Count(p.text.String(), "\n") > 1 {
			t.Errorf("%q is not one word: %q", text, p.text.String())
		}
	})
}
