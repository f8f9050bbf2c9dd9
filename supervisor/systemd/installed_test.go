package systemd

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInstalled(t *testing.T) {
	bus := newBus(t)
	bus.start()
	bus.systemd("a.service")
	units, _ := bus.units()
	got, err := units.Installed(soonOver(t), "a.service")
	want := Installed{LoadState: "loaded", ActiveState: "active", FileState: "enabled", After: []string{"network.target", "b.socket"},
		DropIns: []string{"/usr/lib/x.d/50-lbsup.conf"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestInstalledWithoutABus(t *testing.T) {
	if _, err := (Units{Bus: "/nonexistent/bus"}).Installed(t.Context(), "a.service"); err == nil ||
		err.Error() != `cannot reach D-Bus at "/nonexistent/bus": no such file or directory` {
		t.Errorf("got %v", err)
	}
}
