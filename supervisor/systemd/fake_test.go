package systemd

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"github.com/lbsup/lbsup/test/need"
)

// privateBus is a real dbus-daemon of the test's own, with a small systemd on it.
type privateBus struct {
	t      *testing.T
	socket string
	stop   func()
}

const busConfiguration = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path=%s</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

func newBus(t *testing.T) *privateBus {
	t.Helper()
	need.Programs(t, "dbus-daemon")
	dir, err := os.MkdirTemp("", "lbsup-b")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	b := &privateBus{t: t, socket: filepath.Join(dir, "bus")}
	configuration := fmt.Appendf(nil, busConfiguration, b.socket)
	if err := os.WriteFile(b.socket+".conf", configuration, 0o600); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *privateBus) start() *exec.Cmd {
	b.t.Helper()
	os.Remove(b.socket)
	command := exec.Command("dbus-daemon", "--config-file="+b.socket+".conf", "--nofork", "--nopidfile", "--nosyslog")
	var said bytes.Buffer
	command.Stderr = &said
	if err := command.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.stop = sync.OnceFunc(func() { command.Process.Kill(); command.Wait() })
	b.t.Cleanup(b.stop)
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(time.Millisecond) {
		if conn, err := dbus.Connect("unix:path=" + b.socket); err == nil {
			conn.Close()
			return command
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the bus never answered: %s", said.String())
		}
	}
}

// units returns an adapter to this bus, and the trouble that it tells.
func (b *privateBus) units() (Units, <-chan error) {
	trouble := make(chan error, 100)
	return Units{Bus: b.socket, Trouble: func(err error) { trouble <- err }}, trouble
}

// fakeSystemd is as much of systemd as the adapter asks for.
type fakeSystemd struct {
	t       *testing.T
	conn    *dbus.Conn
	mu      sync.Mutex
	asked   []string
	results map[string]string // of the job for a unit; none: "done"
	refuse  map[string]string // the name of the error for a unit
	props   map[string]*prop.Properties
	hold    chan struct{} // StartUnit of slow.service waits for it
}

// wasAsked waits until it was asked so often.
func (s *fakeSystemd) wasAsked(t *testing.T, times int) {
	t.Helper()
	count := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.asked)
	}
	for begin := time.Now(); count() < times; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatalf("systemd was asked %d times, want %d", count(), times)
		}
	}
}

func (b *privateBus) systemd(units ...string) *fakeSystemd {
	b.t.Helper()
	conn, err := dbus.Connect("unix:path=" + b.socket)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { conn.Close() })
	s := &fakeSystemd{
		t: b.t, conn: conn, props: map[string]*prop.Properties{}, hold: make(chan struct{}),
	}
	for _, unit := range units {
		s.add(unit)
	}
	must(b.t, conn.ExportMethodTable(map[string]any{
		"Subscribe": func() *dbus.Error { return nil },
		"LoadUnit":  s.load, "KillUnit": s.kill,
		"StartUnit": s.job("start"), "RestartUnit": s.job("restart"), "ReloadUnit": s.job("reload"),
	}, manager, managerInterface))
	if reply, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.t.Fatalf("the bus gave no name: %v, %v", reply, err)
	}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func object(unit string) dbus.ObjectPath {
	return manager + "/unit/" + dbus.ObjectPath(strings.NewReplacer(".", "_2e", "-", "_2d").Replace(unit))
}

// job is the property Job of a unit.
type job struct {
	Number uint32
	Path   dbus.ObjectPath
}

func (s *fakeSystemd) add(unit string) {
	value := func(v any) *prop.Prop { return &prop.Prop{Value: v, Emit: prop.EmitTrue} }
	properties, err := prop.Export(s.conn, object(unit), prop.Map{
		unitInterface: {
			"LoadState": value("loaded"), "ActiveState": value("active"), "SubState": value("running"),
			"NeedDaemonReload": value(false), "StateChangeTimestamp": value(uint64(1700000000000009)),
			"ActiveEnterTimestamp": value(uint64(1700000000000001)), "UnitFileState": value("enabled"),
			"Job": value(job{Path: "/"}), "After": value([]string{"network.target", "b.socket"}), "DropInPaths": value([]string{"/usr/lib/x.d/50-lbsup.conf"}),
		},
		serviceInterface: {"Result": value("success"), "MainPID": value(uint32(42)), "StatusText": value("Ready.")},
	})
	must(s.t, err)
	s.props[unit] = properties
}

func (s *fakeSystemd) set(unit, of, property string, value any) {
	s.props[unit].SetMust(of, property, value)
}

func (s *fakeSystemd) load(unit string) (dbus.ObjectPath, *dbus.Error) {
	if _, known := s.props[unit]; !known {
		return "/", dbus.NewError("org.freedesktop.systemd1.NoSuchUnit", []any{"Unit " + unit + " not found."})
	}
	return object(unit), nil
}

func (s *fakeSystemd) note(text string) (refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, text)
	return s.refuse[text[strings.LastIndexByte(text, ' ')+1:]]
}

func (s *fakeSystemd) kill(unit, who string, signal int32) *dbus.Error {
	if refused := s.note(fmt.Sprint("kill ", syscall.Signal(signal), " ", who, " ", unit)); refused != "" {
		return dbus.NewError(refused, []any{"Not for you."})
	}
	return nil
}

// job ends before the method returns, which a real one may do too.
func (s *fakeSystemd) job(verb string) any {
	return func(unit, mode string) (dbus.ObjectPath, *dbus.Error) {
		if refused := s.note(verb + " " + mode + " " + unit); refused != "" {
			return "/", dbus.NewError(refused, []any{"Not for you."})
		}
		if unit == "slow.service" {
			<-s.hold
		}
		s.ended("/org/freedesktop/systemd1/job/1", "other.service", "failed")
		result := s.result(unit)
		if result == "" {
			result = "done"
		}
		if result != "never" {
			s.ended("/org/freedesktop/systemd1/job/7", unit, result)
		}
		return "/org/freedesktop/systemd1/job/7", nil
	}
}

func (s *fakeSystemd) result(unit string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.results[unit]
}

// tell sets what becomes of jobs and requests.
func (s *fakeSystemd) tell(results, refuse map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results, s.refuse = results, refuse
}

func (s *fakeSystemd) ended(job dbus.ObjectPath, unit, result string) {
	if err := s.conn.Emit(manager, managerInterface+".JobRemoved", uint32(7), job, unit, result); err != nil {
		s.t.Error(err)
	}
}

func soonOver(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}
