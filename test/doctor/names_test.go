package doctor

import (
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/test/lab"
)

// resolver is an address of the host's own where the test answers.
const resolver = "127.0.0.9"

// names has doctor ask a name server that is difficult, each name in its way.
func names(t *testing.T, p *pair) {
	n := p.second
	conn := listen(t, n)
	go serve(conn)
	const domain = ".ocp0.sa.boe"
	const disguise = "printf 'nameserver " + resolver + "\\noptions timeout:3 attempts:1\\n' >/run/resolv.conf; mount --bind /run/resolv.conf /etc/resolv.conf\n" +
		"echo 127.0.0.1 localhost >/run/hosts; mount --bind /run/hosts /etc/hosts\n"
	a := p.disguised(t, n, disguise, "lbsup doctor --json")
	for _, one := range a.misses(want{
		"name.bootstrap" + domain: "ok: is 172.18.0.20, by name server " + resolver,
		"name.control0" + domain:  "failing: its answer does not pass the DNSSEC check of name server " + resolver,
		"name.control1" + domain:  "warning: is 172.18.0.20, by name server " + resolver + ", which took 1.",
		"name.control2" + domain:  "failing: name server " + resolver + " did not answer in time",
		"name.compute0" + domain:  "failing: name server " + resolver + " says that there is no such name",
		"name.compute1" + domain:  "failing: name server " + resolver + ": server misbehaving",
	}) {
		t.Error(one)
	}
}

// listen opens a socket in the host: a socket stays in the namespace that its thread was in.
func listen(t *testing.T, n *lab.Node) net.PacketConn {
	t.Helper()
	type opened struct {
		conn net.PacketConn
		err  error
	}
	done := make(chan opened)
	go func() {
		runtime.LockOSThread() // and never given back: the thread ends with this function
		fd, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", n.PID(1)), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			done <- opened{nil, err}
			return
		}
		defer unix.Close(fd)
		if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
			done <- opened{nil, err}
			return
		}
		conn, err := net.ListenPacket("udp", resolver+":53")
		done <- opened{conn, err}
	}()
	got := <-done
	if got.err != nil {
		t.Fatalf("cannot listen in %s: %v", n.Name, got.err)
	}
	t.Cleanup(func() { _ = got.conn.Close() })
	return got.conn
}

func serve(conn net.PacketConn) {
	packet := make([]byte, 1500)
	for {
		size, from, err := conn.ReadFrom(packet)
		if err != nil {
			return
		}
		var question dnsmessage.Message
		if question.Unpack(packet[:size]) != nil || len(question.Questions) != 1 {
			continue
		}
		reply, after, ok := answerTo(question)
		if !ok {
			continue
		}
		data, err := reply.Pack()
		if err != nil {
			continue
		}
		time.AfterFunc(after, func() { _, _ = conn.WriteTo(data, from) })
	}
}

// answerTo is the difficulty of each name: control0's signatures are wrong, control1 takes its time, control2 keeps silent, there is no compute0, and of
// compute1 the server knows nothing, asked however.
func answerTo(m dnsmessage.Message) (reply dnsmessage.Message, after time.Duration, ok bool) {
	host, _, _ := strings.Cut(m.Questions[0].Name.String(), ".")
	reply = dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
	switch {
	case host == "control0" && !m.CheckingDisabled, host == "compute1":
		reply.RCode = dnsmessage.RCodeServerFailure
		return reply, 0, true
	case host == "control2":
		return reply, 0, false
	case host == "compute0":
		reply.RCode = dnsmessage.RCodeNameError
		return reply, 0, true
	case host == "control1":
		after = 1200 * time.Millisecond
	}
	if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
		reply.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
			Body: &dnsmessage.AResource{A: [4]byte{172, 18, 0, 20}}}}
	}
	return reply, after, true
}
