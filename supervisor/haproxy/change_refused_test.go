package haproxy

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/haproxytech/client-native/v5/runtime"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/render/haproxy"
)

func TestWrongChangesAreRefused(t *testing.T) {
	d, c, _ := pool(t, "server s1 127.0.0.1:9", "server s2 127.0.0.1:9")
	at := netip.MustParseAddrPort("127.0.0.1:10")
	odd := added("s3", at)
	odd.Attributes = []string{"colour", "red"}
	unchecked := added("s4", at)
	unchecked.Checked = true
	for _, row := range []struct {
		name string
		do   haproxy.Operation
		want string
		mark string
	}{
		{"no such server", haproxy.SetWeight{Target: target("s9"), Weight: 1}, `cannot change server "web/s9" at run time: HAProxy has no such server`, ""},
		{"no such backend", haproxy.SetWeight{Target: haproxy.Target{Backend: "none", Server: "s1"}, Weight: 1},
			`cannot read the state of HAProxy's servers: got "Can't find backend.", want the heading of version 1`, ""},
		{"a server that is there", added("s1", at), `cannot add server "web/s1" at run time: HAProxy has it already`, ""},
		{"an attribute that HAProxy does not know", odd,
			`cannot change HAProxy at run time: server "web/s3" is not there; HAProxy says "unknown keyword 'colour'."`, "changing"},
		{"a weight that HAProxy does not take", haproxy.SetWeight{Target: target("s1"), Weight: 1000},
			`cannot change HAProxy at run time: the weight of server "web/s1" is 1, not 1000; HAProxy says "Absolute weight can only be between 0 and 256 inclusive."`, "changing"},
		{"a check that the attributes lack", unchecked, `cannot change HAProxy at run time: the health check of server "web/s4" is off, not on; ` +
			`HAProxy says "Health check was not configured on this server, cannot enable."`, "changing"},
		{"no operation", nil, `cannot make the change "services.web: <nil>": no command is known for <nil>`, "changing"},
	} {
		t.Run(row.name, func(t *testing.T) {
			refused(t, c.Make(d.context(), doing(row.do), "aaaa"), row.want)
			if info, err := c.Runtime.Info(d.context()); err != nil || info.Mark != row.mark {
				t.Errorf("the worker says that it runs %q, %v, want %q", info.Mark, err, row.mark)
			}
		})
	}
	refused(t, c.Make(d.context(), nil, "two words"), `cannot mark HAProxy's worker with "two words": want a digest`)
}

// TestInjectionIsRefused has each word that reaches the runtime API carry what would be another command. Nothing is sent.
func TestInjectionIsRefused(t *testing.T) {
	at := netip.MustParseAddrPort("127.0.0.1:9")
	fake := newFake(t, always("Pid: 1\n"))
	c := Changer{Runtime: Runtime{Socket: fake.socket}}
	for _, trap := range []string{"a\nshutdown sessions server web/s1", "a;disable frontend web", "a b", `a\`, "a<<", "", "a\x00", "a\r", "ä", "'a'", `"a"`, "a#"} {
		server, backend := added(trap, at), added("s", at)
		backend.Backend = trap
		attribute := added("s", at)
		attribute.Attributes = []string{"check", trap}
		for _, do := range []haproxy.Operation{
			server, backend, attribute, haproxy.DeleteServer{Target: target(trap)}, haproxy.SetWeight{Target: haproxy.Target{Backend: trap, Server: "s"}, Weight: 1},
		} {
			if err := c.Make(t.Context(), doing(do), "aaaa"); err == nil {
				t.Errorf("%q is taken in %T", trap, do)
			}
		}
	}
	refused(t, c.Make(t.Context(), doing(added("a/b", at)), "aaaa"),
		`cannot make the change "services.web: haproxy.AddServer": got "web/a/b", want the name of a backend and that of a server`)
	refused(t, c.Make(t.Context(), doing(added("a;b", at)), "aaaa"),
		`cannot make the change "services.web: haproxy.AddServer": "web/a;b" is no word for HAProxy's runtime API`)
	refused(t, c.Make(t.Context(), doing(haproxy.SetAddress{Target: target("s1")}), "aaaa"),
		`cannot make the change "services.web: haproxy.SetAddress": "invalid IP" is no word for HAProxy's runtime API`)
	if asked := fake.commands(); len(asked) > 0 {
		t.Errorf("HAProxy was told %q", asked)
	}
}

const stateOfS1 = stateHeading + "3 web 1 s1 ADDRESS 2 0 1 1 1 1 0 0 6 0 0 0 - 80 - 0 0 - - 0\n\n"

// TestSlowAddressIsWaitedFor has an address change some time after the answer, as HAProxy does from 3.0 on.
func TestSlowAddressIsWaitedFor(t *testing.T) {
	mark := ""
	var mu sync.Mutex
	late := newFake(t, func(command string, number int) string {
		mu.Lock()
		defer mu.Unlock()
		_, set, marked := strings.Cut(command, "set var proc.lbsup str(")
		switch {
		case marked:
			mark = strings.TrimSuffix(set, ")")
			return "\n"
		case strings.HasPrefix(command, "show info"):
			return "Pid: 1\nproc.lbsup: type=str value=<" + mark + ">\n"
		case command == "show servers state web" && number < 4:
			return strings.Replace(stateOfS1, "ADDRESS", "10.0.0.1", 1)
		case command == "show servers state web":
			return strings.Replace(stateOfS1, "ADDRESS", "10.0.0.2", 1)
		}
		return "\n"
	})
	c := Changer{Runtime: Runtime{Socket: late.socket}}
	do := doing(haproxy.SetAddress{Target: target("s1"), Address: netip.MustParseAddrPort("10.0.0.2:80")})
	if err := c.Make(t.Context(), do, "aaaa"); err != nil {
		t.Fatal(err)
	}
	do = doing(haproxy.SetAddress{Target: target("s1"), Address: netip.MustParseAddrPort("10.0.0.3:80")})
	refused(t, c.Make(t.Context(), do, "bbbb"), `cannot change HAProxy at run time: the address of server "web/s1" is 10.0.0.2:80, not 10.0.0.3:80`)
}

// TestMarkThatDoesNotStay has a worker that forgets what it was told, as one does that is replaced in the meantime.
func TestMarkThatDoesNotStay(t *testing.T) {
	c := Changer{Runtime: Runtime{Socket: newFake(t, always("Pid: 1\nVariable not found.\n")).socket}}
	refused(t, c.mark(t.Context(), "aaaa"), `cannot mark HAProxy's worker with "aaaa": it says ""`)
}

// TestNativeIsLeftBehind has client-native wait for an answer that never comes.
func TestNativeIsLeftBehind(t *testing.T) {
	c := Changer{Runtime: Runtime{Socket: newFake(t, always(hangs)).socket}}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := c.native(ctx, func(client *runtime.SingleRuntime) error { return client.DeleteServer("web", "s1") })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestComplaint(t *testing.T) {
	for _, row := range []struct{ name, words, want string }{
		{"nothing", "", ""},
		{"messages and warnings", "\n[6]: New server registered.\n\n[4]: no need to change the addr\n", ""},
		{"an error behind others", "\n[6]: New server registered.\n[3]: No such server.\n[2]: x\n", "No such server."},
		{"no severity", "[x]: a\n[3] b\n[3:]\n[33]: c\n", ""},
	} {
		if got := complaint(row.words); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

// TestCommandsShareLines has a thousand weights in a few lines, none of them longer than HAProxy's buffer.
func TestCommandsShareLines(t *testing.T) {
	worker := newFake(t, always("\n"))
	var commands []string
	for i := range 1_000 {
		commands = append(commands, fmt.Sprintf("set server web/server-%d weight 100", i))
	}
	if _, err := (Changer{Runtime: Runtime{Socket: worker.socket}}).run(t.Context(), commands); err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, line := range worker.commands() {
		if len(line) > 8_000 {
			t.Errorf("a line has %d bytes", len(line))
		}
		told = append(told, strings.Split(line, ";")[1:]...)
	}
	if diff := cmp.Diff(commands, told); diff != "" {
		t.Errorf("commands (-want +got):\n%s", diff)
	}
	if lines := len(worker.commands()); lines > 6 {
		t.Errorf("got %d lines", lines)
	}
}
