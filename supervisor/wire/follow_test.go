package wire

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
)

// stage has an lbsup-wire whose links a test makes up.
type stage struct {
	socket  string
	changed chan struct{}

	mu        sync.Mutex
	begun     map[string]int // how often each was listened to
	fail      map[string]error
	asked     []netip.Addr
	announced []netip.Addr
	emit      map[string]func(Heard)
}

func newStage(t *testing.T) *stage {
	t.Helper()
	g := &stage{socket: filepath.Join(t.TempDir(), "wire.sock"), changed: make(chan struct{}, 1), begun: map[string]int{}, fail: map[string]error{}, emit: map[string]func(Heard){}}
	l, err := net.Listen("unix", g.socket)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- serve(ctx, l, links{g.listen, g.receive, g.ask}, zerolog.New(t.Output())) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return g
}

func (g *stage) listen(ctx context.Context, link string, emit func(Heard)) error {
	g.mu.Lock()
	g.begun[link]++
	err := g.fail[link]
	g.emit[link] = emit
	g.mu.Unlock()
	if err == nil {
		<-ctx.Done()
	}
	return err
}

func (g *stage) receive(ctx context.Context, link string, _, _ bool, emit func(Heard)) error {
	emit(heardFrom(link, "192.0.2.12"))
	<-ctx.Done()
	return nil
}

func (g *stage) ask(ctx context.Context, link string, _ bool, orders <-chan order, emit func(Claim)) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case o := <-orders:
			q := o.address
			g.mu.Lock()
			if o.announce {
				g.announced = append(g.announced, q)
				g.mu.Unlock()
				continue
			}
			g.asked = append(g.asked, q)
			g.mu.Unlock()
			emit(Claim{link, q, "02:00:00:00:00:12"})
			emit(Claim{link, netip.MustParseAddr("192.0.2.99"), "02:00:00:00:00:99"})
		}
	}
}

func (g *stage) say(link string, h Heard) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	emit := g.emit[link]
	if emit != nil {
		emit(h)
	}
	return emit != nil
}

// change says that the wish may be another one.
func (g *stage) change() {
	select {
	case g.changed <- struct{}{}:
	default:
	}
}

func heardFrom(link, source string) Heard {
	return Heard{Interface: link, Hardware: "02:00:00:00:00:12", Advert: Advert{
		RouterID: 51, Priority: 250, Interval: time.Second, Source: netip.MustParseAddr(source), Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.10")}}}
}

// follow listens until a report is the right one.
func (g *stage) follow(t *testing.T, wish func() Wish, right func(Report) bool) Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	var found Report
	err := Follow(ctx, g.socket, wish, g.changed, func(r Report) {
		if right(r) {
			found = r
			cancel()
		}
	})
	if err != nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Fatalf("waited in vain: %v", err)
	}
	return found
}

var onEth0 = Wish{Hear: []Ear{{Link: "eth0"}}, Ask: []Question{{"eth0", netip.MustParseAddr("192.0.2.10")}}}

func wishing(w Wish) func() Wish { return func() Wish { return w } }

func TestFollow(t *testing.T) {
	g := newStage(t)
	got := g.follow(t, wishing(onEth0), func(r Report) bool {
		g.say("eth0", heardFrom("eth0", "192.0.2.12"))
		return len(r.Voices) > 0 && len(r.Claims) > 0
	})
	got.Voices[0].Passed = false // in which report it is told is chance
	want := Report{
		Voices: []Voice{{Link: "eth0", RouterID: 51, Source: netip.MustParseAddr("192.0.2.12"), Hardware: "02:00:00:00:00:12", Priority: 250,
			Interval: time.Second, Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.10")}}},
		Claims: []Claim{{"eth0", netip.MustParseAddr("192.0.2.10"), "02:00:00:00:00:12"}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Addr) bool { return a == b })); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What the firewall let through is said of the voice that was heard below it.
func TestPassed(t *testing.T) {
	c := &collection{}
	c.heard(heardFrom("eth0", "192.0.2.12"))
	c.heard(heardFrom("eth0", "192.0.2.13"))
	c.received(heardFrom("eth0", "192.0.2.13"))
	passed := map[string]bool{}
	for _, v := range c.take().Voices {
		passed[v.Source.String()] = v.Passed
	}
	if diff := cmp.Diff(map[string]bool{"192.0.2.12": false, "192.0.2.13": true}, passed); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if again := c.take(); len(again.Voices) > 0 {
		t.Errorf("told twice: %v", again)
	}
}

// An attacker's adverts of ever new senders take no more room than a report has.
func TestFloodStaysSmall(t *testing.T) {
	c := &collection{}
	c.want([]Question{{"eth0", netip.MustParseAddr("192.0.2.10")}})
	for i := range 10_000 {
		source := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
		h := heardFrom("eth0", source.String())
		h.Addresses = make([]netip.Addr, 255)
		c.heard(h)
		c.received(h)
		c.claimed(Claim{"eth0", source, "02:00:00:00:00:12"})
	}
	r := c.take()
	if len(r.Voices) != mostVoices || len(r.Voices[0].Addresses) != mostAddresses || len(r.Claims) > 0 || !r.More {
		t.Errorf("got %d voices with %d addresses, %d claims, more: %v", len(r.Voices), len(r.Voices[0].Addresses), len(r.Claims), r.More)
	}
}

func TestProblemOfALinkIsToldUntilItHasLasted(t *testing.T) {
	g := newStage(t)
	g.fail["eth0"] = errors.New(`cannot listen on "eth0": there is no such link`)
	r := g.follow(t, wishing(onEth0), func(r Report) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return len(r.Problems) > 0 && g.begun["eth0"] > 1
	})
	if got, want := r.Problems["eth0"], g.fail["eth0"].Error(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	g.mu.Lock()
	g.fail = nil
	g.mu.Unlock()
	g.follow(t, wishing(onEth0), func(r Report) bool { return len(r.Problems) == 0 && len(r.Claims) > 0 })
}

func TestWishChanges(t *testing.T) {
	g := newStage(t)
	var mu sync.Mutex
	now := onEth0
	g.follow(t, func() Wish { mu.Lock(); defer mu.Unlock(); return now }, func(r Report) bool {
		mu.Lock()
		now = Wish{Hear: []Ear{{Link: "eth1", IPv6: true}}}
		mu.Unlock()
		g.change()
		return g.say("eth1", heardFrom("eth1", "192.0.2.12")) && len(r.Voices) > 0 && r.Voices[0].Link == "eth1"
	})
}

// Of more addresses than a round asks for, each has its turn.
func TestManyQuestions(t *testing.T) {
	g := newStage(t)
	w := Wish{}
	for i := range 3 * mostQuestions {
		w.Ask = append(w.Ask, Question{"eth0", netip.AddrFrom4([4]byte{10, 0, 0, byte(i)})})
	}
	g.follow(t, wishing(w), func(Report) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		different := map[netip.Addr]bool{}
		for _, a := range g.asked {
			different[a] = true
		}
		return len(different) == len(w.Ask)
	})
}

func TestFollowNobody(t *testing.T) {
	err := Follow(t.Context(), filepath.Join(t.TempDir(), "none.sock"), wishing(Wish{}), nil, nil)
	if want := "cannot reach lbsup-wire: no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// What is on the socket may be anything.
func TestFollowOddities(t *testing.T) {
	for _, row := range []struct{ name, says, want string }{
		{"hangs up", "", "lbsup-wire hung up"},
		{"no report", "hello\n", "cannot read what lbsup-wire says: invalid character 'h' looking for beginning of value"},
		{"half a line", `{"voices":`, "cannot read what lbsup-wire says: unexpected end of JSON input"},
		{"gigabytes", strings.Repeat("x", longestLine+1), "cannot read what lbsup-wire says: a line is too long"},
	} {
		t.Run(row.name, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "s")
			l, err := net.Listen("unix", socket)
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Read(make([]byte, 1024)) // what it wishes
				_, _ = conn.Write([]byte(row.says))
				conn.Close()
			}()
			if err := Follow(t.Context(), socket, wishing(Wish{}), nil, func(Report) {}); err == nil || err.Error() != row.want {
				t.Errorf("got %v, want %q", err, row.want)
			}
		})
	}
}

// One who writes nonsense is hung up on, and the next is served.
func TestServeOddities(t *testing.T) {
	g := newStage(t)
	for _, says := range []string{"hello\n", `{"hear":7}` + "\n", "\x00\n", `{"hear":[{"link":"this name is far too long"},{"link":""}],"ask":[{"link":"eth0","address":""},{"link":"eth0","address":"fe80::1%eth0"}]}` + "\n"} {
		conn, err := net.Dial("unix", g.socket)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(says)); err != nil {
			t.Error(err)
		}
		_ = conn.SetReadDeadline(time.Now().Add(2 * Period))
		for err == nil {
			_, err = conn.Read(make([]byte, 1024))
		}
		conn.Close()
	}
	if len(g.begun) > 0 || len(g.asked) > 0 {
		t.Errorf("it listened on %v and asked for %v", g.begun, g.asked)
	}
	g.follow(t, wishing(onEth0), func(r Report) bool { return len(r.Claims) > 0 })
}

func TestTooManyListen(t *testing.T) {
	g := newStage(t)
	for range mostSessions {
		conn, err := net.Dial("unix", g.socket)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 1024)); err != nil { // it is served
			t.Fatal(err)
		}
	}
	if err := Follow(t.Context(), g.socket, wishing(Wish{}), nil, func(Report) {}); err == nil {
		t.Error("one too many is served")
	}
}

// Whatever is wished for, only names and addresses that can be some are gone after.
func FuzzWish(f *testing.F) {
	f.Add(`{"hear":[{"link":"eth0","ipv6":true}],"ask":[{"link":"eth0","address":"192.0.2.10"}]}`)
	f.Add(`{"hear":[{"link":"a name that is too long"}],"ask":[{"link":"","address":"::ffff:1.2.3.4"}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		var w Wish
		if json.Unmarshal([]byte(line), &w) != nil {
			return
		}
		for task := range w.tasks() {
			if len(task.Link) == 0 || len(task.Link) > 15 {
				t.Errorf("%q is no link", task.Link)
			}
		}
	})
}

// A number that goes up has the addresses announced, some times and no more.
func TestAnnounce(t *testing.T) {
	g := newStage(t)
	reports, w := 0, onEth0
	var mu sync.Mutex
	g.follow(t, func() Wish { mu.Lock(); defer mu.Unlock(); return w }, func(r Report) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		mu.Lock()
		defer mu.Unlock()
		if w.Announce == 0 {
			if len(g.announced) > 0 {
				t.Error("announced without being asked to")
			}
			w.Announce = 1
			g.change()
		}
		if len(g.announced) >= announcements {
			reports++
		}
		return reports > 3
	})
	if got := len(g.announced); got != announcements {
		t.Errorf("announced %d times, want %d", got, announcements)
	}
}
