package haproxy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/test/need"
)

// start runs the real HAProxy with a configuration, as a unit would, and returns the path of its runtime API.
func start(t *testing.T, text string) string {
	t.Helper()
	haproxy := daemon(t)
	need.Root(t)
	socket := filepath.Join(t.TempDir(), "api.sock")
	file := configFile(t, strings.ReplaceAll(text, render.StatsSocket, socket))
	var out bytes.Buffer
	cmd := exec.Command(haproxy, "-W", "-f", file)
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.Env = append(os.Environ(), "RES_OPTIONS=timeout:1 attempts:1")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("HAProxy says:\n%s", out.String())
		}
	})
	eventually(t, "the runtime API answers", func() bool { return ask(socket, "show info") != "" })
	return socket
}

// eventually polls until something holds, for as long as a busy machine may need.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came to be that %s", what)
}

// ask sends one command to a runtime API. Whatever goes wrong is an empty answer.
func ask(socket, command string) string {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return ""
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.WriteString(conn, command+"\n"); err != nil {
		return ""
	}
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func TestWorkerTellsItsDigest(t *testing.T) {
	l := with()
	l.HAProxy.Defaults = []string{"timeout client 5m"}
	config, err := Render(l, nil, installed)
	if err != nil {
		t.Fatal(err)
	}
	listener := "\nfrontend f\n    mode tcp\n    bind unix@" + filepath.Join(t.TempDir(), "f.sock") + "\n"
	info := ask(start(t, string(config.Text)+listener), "show info")
	if want := "\ndescription: lbsup " + config.Digest + "\n"; !strings.Contains(info, want) {
		t.Errorf("show info: want the line %q in\n%s", want, info)
	}
}

// TestHAProxyReadsQuotedWords has the real HAProxy answer with each word that was quoted.
func TestHAProxyReadsQuotedWords(t *testing.T) {
	words := []string{"plain", "two words", "it's", `say "hi"`, `a\b\`, "$HOME ${HOME}", "#no comment", "{a} [b]", "'", "grün", "%[src]%"}
	socket := filepath.Join(t.TempDir(), "f.sock")
	p := &page{build: installed, taken: map[string]bool{}}
	p.proxy("frontend", "f")
	p.line("mode", "http")
	p.line("bind", "unix@"+socket)
	for i, word := range words {
		p.line("http-request", "return", "status", "200", "content-type", "text/plain", "lf-string", literal(word), "if", "{", "path", fmt.Sprintf("/%d", i), "}")
	}
	if p.err != nil {
		t.Fatal(p.err)
	}
	config, err := Render(with(), nil, installed)
	if err != nil {
		t.Fatal(err)
	}
	start(t, string(config.Text)+p.text.String())
	for i, word := range words {
		answer := ask(socket, fmt.Sprintf("GET /%d HTTP/1.0\r\n\r", i))
		if _, body, _ := strings.Cut(answer, "\r\n\r\n"); body != word {
			t.Errorf("%q came back as %q", word, body)
		}
	}
}

// TestNameThatAppearsLater starts HAProxy with a name that nobody knows and one that only the name server denies.
func TestNameThatAppearsLater(t *testing.T) {
	dns := newNameServer(t)
	s := httpService(cluster.Server{Name: "later", Host: "later.invalid", Port: 81}, cluster.Server{Name: "hosts", Host: "localhost", Port: 81})
	s.Bind = nil
	config, err := Render(with(s), nil, installed)
	if err != nil {
		t.Fatal(err)
	}
	listener := "bind unix@" + filepath.Join(t.TempDir(), "f.sock")
	text := strings.Replace(string(config.Text), "option httplog", "option httplog\n    "+listener, 1)
	socket := start(t, strings.Replace(text, "parse-resolv-conf", "nameserver test "+dns.address, 1))

	addresses := func() string {
		var found []string
		for line := range strings.Lines(ask(socket, "show servers state web")) {
			if f := strings.Fields(line); len(f) > 6 && f[0] != "#" {
				found = append(found, f[3]+"="+f[4])
			}
		}
		return strings.Join(found, " ")
	}
	if got, want := addresses(), "later=- hosts=127.0.0.1"; got != want {
		t.Fatalf("after the start: got %q, want %q", got, want)
	}
	eventually(t, "both names have been asked for", func() bool { return len(dns.denied) >= 2 })
	dns.known <- "later.invalid"
	eventually(t, "the name has its address, and the one from /etc/hosts kept it", func() bool {
		return addresses() == "later=127.0.0.7 hosts=127.0.0.1"
	})
}

// nameServer denies every name until it is told about one, which it then knows as 127.0.0.7.
type nameServer struct {
	address string
	denied  chan string // names that were asked for in vain
	known   chan string
}

func newNameServer(t *testing.T) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &nameServer{address: conn.LocalAddr().String(), denied: make(chan string, 100), known: make(chan string, 1)}
	go s.serve(conn)
	return s
}

func (s *nameServer) serve(conn net.PacketConn) {
	known, packet := "", make([]byte, 4096)
	for {
		n, from, err := conn.ReadFrom(packet)
		if err != nil {
			return
		}
		select {
		case known = <-s.known:
		default:
		}
		name, answer := reply(packet[:n], known)
		if name != known {
			select {
			case s.denied <- name:
			default:
			}
		}
		_, _ = conn.WriteTo(answer, from)
	}
}

// reply answers a question for an address (RFC 1035, section 4).
func reply(query []byte, known string) (string, []byte) {
	var labels []string
	at := 12
	for query[at] != 0 {
		end := at + 1 + int(query[at])
		labels, at = append(labels, string(query[at+1:end])), end
	}
	question, name := query[12:at+5], strings.Join(labels, ".")
	header := [6]uint16{binary.BigEndian.Uint16(query), 0x8183, 1} // no such name
	var record []byte
	if name == known {
		header[1] = 0x8180
		if binary.BigEndian.Uint16(query[at+1:]) == 1 { // A
			header[3] = 1
			record = []byte{0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 127, 0, 0, 7}
		}
	}
	var answer bytes.Buffer
	_ = binary.Write(&answer, binary.BigEndian, header)
	answer.Write(question)
	answer.Write(record)
	return name, answer.Bytes()
}
