package haproxy

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckRaw(t *testing.T) {
	for _, c := range []struct{ name, line, err string }{
		{"a line", "timeout client 5m", ""},
		{"a tab", "timeout\tclient 5m", ""},
		{"empty", "", ""},
		{"two lines", "retries 2\nbackend x", `cannot take raw line "retries 2\nbackend x": want one line without control characters`},
		{"a section", "  backend x", `cannot take raw line "  backend x": it would begin a new section`},
		{"a section in quotes", `"back"end x`, `cannot take raw line "\"back\"end x": it would begin a new section`},
		{"a condition", ".if defined(X)", `cannot take raw line ".if defined(X)": it would make the lines below it depend on a condition`},
		{"a backslash", `retries 2 \`, `cannot take raw line "retries 2 \\": it must not end in a backslash`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := message(checkRaw(c.line)); got != c.err {
				t.Errorf("error:\n got %q\nwant %q", got, c.err)
			}
		})
	}
}

func TestSettings(t *testing.T) {
	own := []string{"chroot /var/lib/haproxy", "stats socket /run/a", "stats maxconn 100", "option redispatch", "timeout client 1m", "log global"}
	for _, c := range []struct {
		name   string
		admins []string
		want   []string
	}{
		{"none", nil, own},
		{"the same keyword replaces", []string{"chroot /srv"},
			[]string{"stats socket /run/a", "stats maxconn 100", "option redispatch", "timeout client 1m", "log global", "chroot /srv"}},
		{"the second word counts", []string{"timeout server 2m", "stats timeout 5m"}, append(own[:6:6], "timeout server 2m", "stats timeout 5m")},
		{"no option replaces the option", []string{"no option redispatch"},
			[]string{"chroot /var/lib/haproxy", "stats socket /run/a", "stats maxconn 100", "timeout client 1m", "log global", "no option redispatch"}},
		{"sockets and logs add up", []string{"stats socket /run/b", "log 192.0.2.1 local0"},
			append(own[:6:6], "stats socket /run/b", "log 192.0.2.1 local0")},
		{"empty lines replace nothing", []string{"  "}, append(own[:6:6], "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &page{}
			p.settings("haproxy.global", own, c.admins)
			if p.err != nil {
				t.Fatal(p.err)
			}
			want := ""
			for _, line := range c.want {
				want += "    " + line + "\n"
			}
			if diff := cmp.Diff(want, p.text.String()); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzCheckRaw wants every accepted line to stay one line that begins no section.
func FuzzCheckRaw(f *testing.F) {
	for _, s := range []string{"retries 3", "backend x", " \tfrontend x", "a\rb", `'list'en x`, "\x0bglobal", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if checkRaw(line) != nil {
			return
		}
		p := &page{}
		p.raw("raw", []string{line})
		text := p.text.String()
		if strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\r\v\f\x00") {
			t.Errorf("%q is written as %q", line, text)
		}
		for _, s := range sections {
			if strings.HasPrefix(strings.TrimLeft(text, " "), s+" ") {
				t.Errorf("%q begins a section", line)
			}
		}
	})
}
