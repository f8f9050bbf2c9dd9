package page

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Nobody reads the page by a name that is not this node's: a browser takes what leads here for one with what came from there before.
func TestNames(t *testing.T) {
	known := []string{"lb1.example.net", "192.0.2.11", "2001:db8::11", "192.0.2.10", "status.example.com"}
	for _, row := range []struct {
		host string
		want bool
	}{
		{"", true}, {"localhost", true}, {"localhost:9105", true}, {"127.0.0.1:9105", true}, {"[::1]:9105", true}, {"::1", true}, {"127.9.9.9", true},
		{"lb1.example.net", true}, {"LB1.Example.net.:9105", true}, {"lb1", true}, {"lb1:9105", true}, {"status.example.com:443", true},
		{"192.0.2.11:9105", true}, {"192.0.2.10", true}, {"[2001:db8::11]:9105", true}, {"[2001:DB8:0::11]", true}, {"198.51.100.7:9105", true},
		{"evil.example", false}, {"lb1.evil.example", false}, {"lb1.example.net.evil.example", false}, {"localhost.evil.example", false},
		{"192.0.2.99", false}, {"192.0.2.11.evil.example", false}, {"127.0.0.1.evil.example:9105", false}, {"[2001:db8::12]", false}, {"[", true}, {"x:y:z", false},
		{"example.net", false}, {"lb2", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = row.host
		local := &net.TCPAddr{IP: net.ParseIP("198.51.100.7"), Port: 9105}
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, net.Addr(local)))
		if got := (names{known: known}).has(r); got != row.want {
			t.Errorf("%q: got %v, want %v", row.host, got, row.want)
		}
	}
}

func TestAnotherName(t *testing.T) {
	site := open(t, source(pair()), Settings{Listen: anywhere, Names: []string{"lb1"}}, nil)
	at := shown(t, site)
	ask := func(host, path string) (int, string) {
		r, err := http.NewRequest(http.MethodGet, "http://"+at+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.Header.Get("Content-Security-Policy") == "" {
			t.Error("an answer has no policy")
		}
		text := make([]byte, 200)
		n, _ := answer.Body.Read(text)
		return answer.StatusCode, string(text[:n])
	}
	for _, path := range []string{"/", "/metrics", "/events", "/nothing"} {
		code, text := ask("evil.example:9105", path)
		if code != http.StatusMisdirectedRequest || !strings.HasPrefix(text, "cannot answer: this node is not known by the name") {
			t.Errorf("%s: got %d, %q", path, code, text)
		}
	}
	if code, _ := ask("lb1:9105", "/"); code != http.StatusOK {
		t.Errorf("by its name: got %d", code)
	}
	site.Replace(Settings{Listen: anywhere, Names: []string{"lb9"}})
	eventually(t, "it has another name", func() bool { return site.Address() != "" && site.Address() != at })
	at = site.Address()
	if code, _ := ask("lb1:9105", "/"); code != http.StatusMisdirectedRequest {
		t.Errorf("by the name that it had: got %d", code)
	}
}

// The names of the certificate are known, for people were told them.
func TestNamesOfTheCertificate(t *testing.T) {
	file, key := pemFiles(t, t.TempDir(), time.Now().Add(time.Hour), 1) // for lb1
	n := names{certificate: &certificate{file: file, key: key, clock: time.Now}}
	for host, want := range map[string]bool{"lb1:443": true, "lb2": false, "lb1.evil.example": false} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		if got := n.has(r); got != want {
			t.Errorf("%q: got %v, want %v", host, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, host := range []string{"lb1:9105", "[::1]", "", "a.b.", "[::ffff:127.0.0.1%eth0]:1"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host = host
		if (names{known: []string{"lb1"}}).has(r) && strings.HasSuffix(strings.ToLower(host), "evil.example") {
			t.Errorf("%q is known", host)
		}
	})
}
