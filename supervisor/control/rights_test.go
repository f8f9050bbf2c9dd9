package control

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

func TestRightsOf(t *testing.T) {
	const changers = 990
	for _, row := range []struct {
		name   string
		peer   peer
		change bool
	}{
		{"root", peer{uid: 0, groups: []uint32{0}}, true},
		{"root without any group", peer{uid: 0}, true},
		{"primary group", peer{uid: 1000, groups: []uint32{changers}}, true},
		{"supplementary group", peer{uid: 1000, groups: []uint32{1000, 27, changers}}, true},
		{"another group", peer{uid: 1000, groups: []uint32{1000, 0}}, false},
		{"no group at all", peer{uid: 1000}, false},
		{"a uid equal to the group's number", peer{uid: changers, groups: []uint32{1000}}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := rightsOf(row.peer, changers)
			if want := (rights{look: true, change: row.change}); got != want {
				t.Errorf("rightsOf(%+v) = %+v, want %+v", row.peer, got, want)
			}
		})
	}
}

// Group root is on every host, and has the number 0 on each.
func TestChangersOf(t *testing.T) {
	need.Root(t)
	socket := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := os.Chown(socket, 0, 64990); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, group string
		want        uint32
	}{
		{"the host has the group", "root", 0},
		{"it has not", "no-such-group", 64990},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := changersOf(l, row.group)
			if got != row.want || err != nil {
				t.Errorf("got %d, %v, want %d", got, err, row.want)
			}
		})
	}
}
