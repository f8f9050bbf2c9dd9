package cluster

import (
	"strings"
	"testing"
)

// Which texts each shape takes. What is refused here would do harm in another program's configuration.
func TestShapes(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	for _, row := range []struct {
		name      string
		shape     shape
		good, bad []string
	}{
		{"HAProxy's names", haproxyShape, []string{"a", "api-server", "A_b.c:1", "9", long(64)},
			[]string{"", "a b", "a#b", "a/b", "a\"b", "ä", "$a", "a{", long(65)}},
		{"identifiers", identifierShape, []string{"VI_1", "ocp1_API", "a.b-c", "0", long(64)},
			[]string{"", ".", "..", ".a", "-a", "a/b", "a b", "a:b", "a{b", "a}b", "a!b", "a\"b", long(65)}},
		{"host names", hostShape, []string{"lb1", "lb1.example.net", "a_b", "xn--bcher-kva.example", "1a"},
			[]string{"", "-a", ".a", "a.", "a..b", "a b", "a/b", "ä", long(64)}},
		{"interfaces", linkShape, []string{"eth0", "br-ex", "bond0.100", "enp0s31f6", "veth@a", long(15)},
			[]string{"", ".", "..", "-a", "a/b", "a b", "eth0:1", long(16)}},
		{"headers and cookies", tokenShape, []string{"X-Forwarded-Proto", "SERVERID", "a.b"},
			[]string{"", "a b", "a:b", "a;b", "a=b", "a\"b", "a(b", "ä"}},
		{"methods", methodShape, []string{"GET", "OPTIONS"}, []string{"", "get", "G", "GET /"}},
		{"URL paths", urlPathShape, []string{"/", "/a/b?c=d", "/%20", "/#"}, []string{"", "a", "/a b", "/ä", "http://a/"}},
		{"ends of URL paths", urlEndShape, []string{".css", "a"}, []string{"", ".c ss", "ä"}},
		{"files", fileShape, []string{"/a", "/etc/lbsup/certs/app.pem", "/a/.hidden/b", "/a/b-c_d@e%f+g=h:i,j", "/a/x..y"},
			[]string{"", "/", "a", "./a", "/a/", "/a//b", "/a/../b", "/a/./b", "/..", "/a b", "/a\"b", "/a$b", "/a#b", "/a\\b", "/ä"}},
		{"users", userShape, []string{"admin", "a.b@c"}, []string{"", "a:b", "a b", "-a"}},
		{"mail addresses", mailboxShape, []string{"root@localhost", "a.b+c@example.net"}, []string{"", "root", "@a", "a@", "a b@c", "<a@b>", "a@b@c"}},
		{"protocols", alpnShape, []string{"h2", "http/1.1"}, []string{"", "h2,http/1.1", "H2", "a b"}},
		{"labels", labelShape, []string{"eth0:1", "bond0.100:10"}, []string{"", "a b", "a/b", long(16)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, text := range row.good {
				if !row.shape.pattern.MatchString(text) {
					t.Errorf("%q is refused", text)
				}
			}
			for _, text := range row.bad {
				if row.shape.pattern.MatchString(text) {
					t.Errorf("%q is taken", text)
				}
			}
			for _, text := range row.good {
				for _, trap := range []string{"\n", "\x00", "\r", "\t", "\nbind *:1"} {
					if row.shape.pattern.MatchString(text + trap) {
						t.Errorf("%q is taken", text+trap)
					}
				}
			}
		})
	}
}

func TestAlgorithms(t *testing.T) {
	for _, text := range []string{"roundrobin", "leastconn", "source", "first", "random", "random(2)", "static-rr", "uri", "url_param id", "hdr(Host)",
		"rdp-cookie", "rdp-cookie(mstshash)"} {
		if _, m := value[algorithm](t, text); m != nil {
			t.Errorf("%q is refused: %s", text, m.message())
		}
	}
	for _, text := range []string{"round robin", "RoundRobin", "random(0)", "random()", "url_param", "hdr()", "hdr(a b)", "hdr(a) b", `"uri\nbind *:1"`, "uri depth"} {
		if _, m := value[algorithm](t, text); m == nil {
			t.Errorf("%q is taken", text)
		}
	}
	for text, want := range map[algorithm]bool{"uri": true, "url_param id": true, "hdr(Host)": true, "source": false, "rdp-cookie": false, "random(2)": false} {
		wants(t, "reads requests: "+string(text), want, text.readsRequests())
	}
}

func TestURLs(t *testing.T) {
	for _, text := range []string{"http://localhost/", "https://localhost:8443/up?a=b", "http://192.0.2.1", `"http://[2001:db8::1]:80/"`} {
		if _, m := value[webURL](t, text); m != nil {
			t.Errorf("%q is refused: %s", text, m.message())
		}
	}
	for _, text := range []string{"localhost", "//localhost/", "http:///a", "http://a:0/", "http://a:65536/", "http://a:b/", "http://a b/", "file:///etc/passwd",
		"http://a/\"b", "http://user@a/", "http://192.0.2.256/", "http://%41/", `"http://a/\nb"`} {
		if _, m := value[webURL](t, text); m == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestRawLines(t *testing.T) {
	for _, text := range []string{"timeout client 1h", `acl a path_beg "/a b"`, "# listen", "http-request set-header A backend", "option httplog", "'tune.h2' x",
		"listening", "stats socket /run/x", "log global"} {
		if _, m := value[rawLine](t, `"`+strings.NewReplacer(`"`, `\"`).Replace(text)+`"`); m != nil {
			t.Errorf("%q is refused: %s", text, m.message())
		}
	}
	for _, section := range sections {
		for _, text := range []string{section, " " + section + " x", "'" + section + "' x", section[:1] + `\\` + section[1:] + " x"} {
			if _, m := value[rawLine](t, `"`+text+`"`); m == nil {
				t.Errorf("%q is taken", text)
			}
		}
	}
}
