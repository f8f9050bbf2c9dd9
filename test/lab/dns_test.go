package lab

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
)

// ask makes a query for a name, as a resolver sends it.
func ask(name string, kind uint16) []byte {
	query := []byte{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}
	for _, label := range strings.Split(name, ".") {
		query = append(append(query, byte(len(label))), label...)
	}
	query = append(query, 0)
	query = binary.BigEndian.AppendUint16(query, kind)
	return binary.BigEndian.AppendUint16(query, classIN)
}

func TestNameserverAnswer(t *testing.T) {
	s := &nameserver{names: map[string]netip.Addr{}}
	s.set("control0.ocp0.sa.boe", netip.MustParseAddr("172.18.0.21"))
	for _, row := range []struct {
		name    string
		query   []byte
		silent  bool
		code    byte
		address string
	}{
		{name: "known", query: ask("control0.ocp0.sa.boe", typeA), address: "172.18.0.21"},
		{name: "known in capitals", query: ask("CONTROL0.ocp0.SA.boe", typeA), address: "172.18.0.21"},
		{name: "known without such an address", query: ask("control0.ocp0.sa.boe", typeAAAA)},
		{name: "unknown", query: ask("elsewhere.example", typeA), code: 3},
		{name: "empty", silent: true},
		{name: "an answer is no question", query: append([]byte{0, 0, 0x80}, make([]byte, 20)...), silent: true},
		{name: "a label that runs out of the packet", query: ask("control0", typeA)[:15], silent: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			reply, ok := s.answer(row.query)
			if ok == row.silent {
				t.Fatalf("answered: %v, want %v", ok, !row.silent)
			}
			if row.silent {
				return
			}
			if code := reply[3] & 0xf; code != row.code {
				t.Errorf("code: got %d, want %d", code, row.code)
			}
			var got string
			if binary.BigEndian.Uint16(reply[6:]) == 1 {
				address, _ := netip.AddrFromSlice(reply[len(reply)-4:])
				got = address.String()
			}
			if got != row.address {
				t.Errorf("address: got %q, want %q", got, row.address)
			}
		})
	}
}

func TestNameserverForgets(t *testing.T) {
	s := &nameserver{names: map[string]netip.Addr{}}
	s.set("late.example", netip.MustParseAddr("172.18.0.21"))
	s.set("late.example", netip.Addr{})
	if reply, ok := s.answer(ask("late.example", typeA)); !ok || reply[3]&0xf != 3 {
		t.Errorf("a forgotten name is answered: %x", reply)
	}
}

func FuzzNameserverAnswer(f *testing.F) {
	f.Add(ask("control0.ocp0.sa.boe", typeA))
	f.Add(ask("elsewhere.example", typeAAAA)[:20])
	f.Add([]byte{})
	s := &nameserver{names: map[string]netip.Addr{"a": netip.MustParseAddr("192.0.2.1"), "b": netip.MustParseAddr("2001:db8::1")}}
	f.Fuzz(func(t *testing.T, query []byte) {
		reply, ok := s.answer(query)
		if ok && (reply[2]&0x80 == 0 || string(reply[:2]) != string(query[:2]) || len(reply) > len(query)+28) {
			t.Errorf("%x is no answer to %x", reply, query)
		}
	})
}
