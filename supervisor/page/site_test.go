package page

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
)

const anywhere = "127.0.0.1:0"

func get(t *testing.T, method, url string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestAnswers(t *testing.T) {
	url := "http://" + shown(t, open(t, source(pair()), Settings{Listen: anywhere}, nil))
	for _, row := range []struct {
		method, path string
		status       int
		has          string
	}{
		{"GET", "/", 200, "<h1"}, {"HEAD", "/", 200, ""}, {"GET", "/metrics", 200, "lbsup_well 1"},
		{"POST", "/", 405, ""}, {"PUT", "/metrics", 405, ""}, {"DELETE", "/events", 405, ""},
		{"GET", "/etc/passwd", 404, ""}, {"GET", "/../../etc/passwd", 404, ""}, {"GET", "/assets/live.js", 404, ""}, {"GET", "/debug/pprof/", 404, ""},
	} {
		answer, body := get(t, row.method, url+row.path)
		if answer.StatusCode != row.status || !strings.Contains(body, row.has) {
			t.Errorf("%s %s: got %s, %.80q", row.method, row.path, answer.Status, body)
		}
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s %s: got the policy %q", row.method, row.path, policy)
		}
		if answer.Header.Get("X-Content-Type-Options") != "nosniff" || answer.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s %s: got %v", row.method, row.path, answer.Header)
		}
	}
}

// The page is whole: it asks for nothing from elsewhere.
func TestSelfContained(t *testing.T) {
	text := string(document().text)
	for _, foreign := range []string{"src=", "http:", "https:", "@import", "/*STYLE*/", "/*SCRIPT*/", "innerHTML"} {
		if rest := strings.ReplaceAll(text, "http://www.w3.org/2000/svg", ""); strings.Contains(rest, foreign) {
			t.Errorf("the page has %q in it", foreign)
		}
	}
}

// watch reads the events of a page.
func watch(t *testing.T, url string) (next func() (name, data string), end func()) {
	t.Helper()
	answer, err := http.Get(url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 4<<20)
	return func() (name, data string) {
		for lines.Scan() {
			if text, is := strings.CutPrefix(lines.Text(), "event: "); is {
				name = text
			}
			if text, is := strings.CutPrefix(lines.Text(), "data: "); is {
				return name, text
			}
		}
		return "", ""
	}, func() { _ = answer.Body.Close() }
}

// until reads events until there is one with this name and this in it.
func until(t *testing.T, next func() (string, string), name, has string) {
	t.Helper()
	for {
		got, data := next()
		if got == "" {
			t.Fatalf("the stream ended before %s with %q", name, has)
		}
		if got == name && strings.Contains(data, has) {
			return
		}
	}
}

func TestEvents(t *testing.T) {
	s := source(pair())
	site := open(t, s, Settings{Listen: anywhere}, func(s *Site) { s.limits.beat = 20 * time.Millisecond })
	url := "http://" + shown(t, site)
	if s.count() != 0 {
		t.Errorf("asked %d times before anybody looked", s.count())
	}
	next, end := watch(t, url)
	until(t, next, "services", `"web1"`)
	until(t, next, "view", "lb1 holds the VIP")
	s.change(func(s *told) {
		s.snap = pair()
		s.snap.Instances[0].VIPs[0].Here, s.snap.Instances[0].Holder = false, "lb2"
	})
	until(t, next, "view", "lb2 holds the VIP")
	s.change(func(s *told) { s.fails = true })
	for range 3 {
		until(t, next, "beat", "T") // what is not known any more stays, and the page is alive
	}
	if site.Viewers() != 1 {
		t.Errorf("%d viewers", site.Viewers())
	}
	end()
	eventually(t, "the viewer is gone", func() bool { return site.Viewers() == 0 })
	count := s.count()
	eventually(t, "nobody is asked any more", func() bool {
		before := count
		time.Sleep(2*settle + time.Millisecond)
		count = s.count()
		return before == count
	})
}

func TestTooManyPages(t *testing.T) {
	site := open(t, source(pair()), Settings{Listen: anywhere}, func(s *Site) { s.limits.viewers = 2 })
	url := "http://" + shown(t, site)
	_, end := watch(t, url)
	watch(t, url)
	if answer, _ := get(t, "GET", url+"/events"); answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("got %s", answer.Status)
	}
	end()
	eventually(t, "there is room again", func() bool { return site.Viewers() == 1 })
	watch(t, url)
}

// A browser that never reads its stream is dropped; it costs no memory meanwhile, and the others see what happens.
func TestBrowserThatDoesNotRead(t *testing.T) {
	snap := pair()
	for range 3000 {
		snap.Services = append(snap.Services, status.Service{Name: strings.Repeat("x", 200)})
	}
	s := source(snap)
	site := open(t, s, Settings{Listen: anywhere}, func(s *Site) { s.limits.read, s.limits.beat = 200*time.Millisecond, 5*time.Millisecond })
	deaf, err := net.Dial("tcp", shown(t, site))
	if err != nil {
		t.Fatal(err)
	}
	defer deaf.Close()
	_ = deaf.(*net.TCPConn).SetReadBuffer(1 << 10)
	_, _ = io.WriteString(deaf, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
	eventually(t, "he is let in", func() bool { return site.Viewers() == 1 })
	n := 0
	eventually(t, "he is dropped", func() bool {
		n++
		s.change(func(s *told) {
			s.snap.Services = slices.Clone(s.snap.Services)
			s.snap.Services[1].Name = strings.Repeat("y", 100+n%50)
		})
		return site.Viewers() == 0
	})
	next, _ := watch(t, "http://"+site.Address())
	until(t, next, "view", "lb1 holds the VIP")
}

// Nobody takes all the connections.
func TestCrowd(t *testing.T) {
	site := open(t, source(pair()), Settings{Listen: anywhere}, func(s *Site) { s.limits.share, s.limits.ask = 3, time.Minute })
	at := shown(t, site)
	var all []net.Conn
	for range 6 {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		all = append(all, conn)
	}
	for n, conn := range all[3:] { // those beyond the share are hung up on
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("connection %d: got %v, want the end", n+3, err)
		}
	}
	_ = all[0].Close()
	eventually(t, "there is room again", func() bool {
		answer, err := http.Get("http://" + at + "/metrics")
		if err == nil {
			_ = answer.Body.Close()
		}
		return err == nil
	})
}

// A port that is taken is told, and tried again; and it ends nothing.
func TestPortTaken(t *testing.T) {
	other, err := net.Listen("tcp", anywhere)
	if err != nil {
		t.Fatal(err)
	}
	site := open(t, source(pair()), Settings{Listen: other.Addr().String()}, func(s *Site) { s.limits.retry = 10 * time.Millisecond })
	eventually(t, "it is told", func() bool { return site.Trouble() != "" })
	if want := "cannot listen on " + other.Addr().String() + ": listen tcp " + other.Addr().String() + ": bind: address already in use"; site.Trouble() != want {
		t.Errorf("got %q, want %q", site.Trouble(), want)
	}
	_ = other.Close()
	shown(t, site)
	if site.Trouble() != "" {
		t.Errorf("got %q when all is well", site.Trouble())
	}
}

// Where the page is can change, and it can be nowhere.
func TestMoved(t *testing.T) {
	site := open(t, source(pair()), Settings{Listen: anywhere}, nil)
	first := shown(t, site)
	next, _ := watch(t, "http://"+first)
	site.Replace(Settings{Listen: anywhere})
	site.Replace(Settings{})
	eventually(t, "it listens nowhere", func() bool { return site.Address() == "" })
	for name, _ := next(); name != ""; name, _ = next() { // the open page ends
	}
	if conn, err := net.Dial("tcp", first); err == nil {
		_ = conn.Close()
		t.Error("somebody still listens at the old place")
	}
	site.Replace(Settings{Listen: anywhere})
	shown(t, site)
}

// pemFiles writes a certificate that ends at a moment, and its key.
func pemFiles(t *testing.T, dir string, ends time.Time, serial int64) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: ends.Add(-24 * time.Hour), NotAfter: ends, DNSNames: []string{"lb1"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "status.pem"), filepath.Join(dir, "status.key")
	for name, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(name+".new", pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(name+".new", name); err != nil {
			t.Fatal(err)
		}
	}
	return certificate, key
}

func serial(t *testing.T, at string) string {
	t.Helper()
	conn, err := tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
}

func TestHTTPS(t *testing.T) {
	dir := t.TempDir()
	certificate, key := pemFiles(t, dir, time.Now().Add(time.Hour), 1)
	site := open(t, source(pair()), Settings{Listen: anywhere, Certificate: certificate, Key: key}, func(s *Site) { s.limits.notice = 10 * time.Millisecond })
	at := shown(t, site)
	if got := serial(t, at); got != "1" {
		t.Errorf("got certificate %s", got)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	answer, err := client.Get("https://" + at + "/")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("got %v, %v", answer, err)
	}
	if _, err := tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if answer, err := http.Get("http://" + at + "/"); err == nil && answer.StatusCode == http.StatusOK {
		t.Error("the page is also shown without TLS")
	}

	pemFiles(t, dir, time.Now().Add(time.Hour), 2)
	eventually(t, "the renewed one is served", func() bool { return serial(t, at) == "2" })

	pemFiles(t, dir, now, 3) // long ago
	eventually(t, "it is told that it has expired", func() bool {
		return site.Trouble() == "the certificate "+certificate+" has expired: it was good until 2026-03-14 09:26:53 UTC"
	})
	if err := os.WriteFile(certificate, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is told that it cannot be used", func() bool { return strings.HasPrefix(site.Trouble(), "cannot use the certificate "+certificate) })
	if got := serial(t, at); got != "3" {
		t.Errorf("got certificate %s, want the last one that could be used", got)
	}
	pemFiles(t, dir, time.Now().Add(time.Hour), 4)
	eventually(t, "all is well again", func() bool { return site.Trouble() == "" && serial(t, at) == "4" })
}

func TestCertificateThatCannotBeUsed(t *testing.T) {
	dir := t.TempDir()
	certificate, key := pemFiles(t, dir, time.Now().Add(time.Hour), 1)
	other, _ := pemFiles(t, t.TempDir(), time.Now().Add(time.Hour), 1)
	for name, row := range map[string]struct{ certificate, key, want string }{
		"not there":   {dir + "/none.pem", key, "cannot use the certificate " + dir + "/none.pem: stat " + dir + "/none.pem: no such file or directory"},
		"another key": {other, key, "cannot use the certificate " + other + " with the key " + key + ": tls: private key does not match public key"},
	} {
		t.Run(name, func(t *testing.T) {
			site := open(t, source(pair()), Settings{Listen: anywhere, Certificate: row.certificate, Key: row.key}, func(s *Site) { s.limits.retry = 10 * time.Millisecond })
			eventually(t, "it is told", func() bool { return site.Trouble() != "" })
			if site.Trouble() != row.want || site.Address() != "" {
				t.Errorf("got %q at %q, want %q", site.Trouble(), site.Address(), row.want)
			}
		})
	}
	_ = certificate
}

// An open page is to cost a core little; a frame is made each three seconds.
func BenchmarkFrame(b *testing.B) {
	snap := pair()
	for range 200 {
		s := status.Service{Name: "customer.shop.example.net", Bind: []string{"192.0.2.10:443"}, Pools: []status.Pool{{Name: "p"}}}
		for range 10 {
			s.Pools[0].Servers = append(s.Pools[0].Servers, status.Server{Name: "server-1", Address: "192.0.2.21:8080", Status: "UP", Detail: "Layer7 check passed"})
		}
		snap.Services = append(snap.Services, s)
	}
	h := newHub(source(snap))
	b.ReportAllocs()
	for b.Loop() {
		if f, err := h.look(b.Context()); err != nil || len(f.services) == 0 {
			b.Fatal(err)
		}
	}
}
