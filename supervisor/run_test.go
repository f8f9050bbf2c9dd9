package supervisor

import (
	"net"
	"os"
	"path/filepath"
	"testing"
)

func TestSocketOfASupervisorThatRuns(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.sock")
	first, err := socket(nil, "control", path)
	if err != nil {
		t.Fatal(err)
	}
	want := `cannot make the control socket: another supervisor, or systemd for it, already listens at "` + path + `"`
	if _, err := socket(nil, "control", path); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := os.Lstat(path); err != nil {
		t.Errorf("its socket was taken away: %v", err)
	}
	first.(*net.UnixListener).SetUnlinkOnClose(false)
	_ = first.Close() // as one that was killed leaves it behind
	second, err := socket(nil, "control", path)
	if err != nil {
		t.Fatalf("a socket that nobody listens at was not made anew: %v", err)
	}
	_ = second.Close()
}

func TestSocketThatSystemdHolds(t *testing.T) {
	held, err := net.Listen("unix", filepath.Join(t.TempDir(), "held.sock"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Close() }()
	got, err := socket(map[string][]net.Listener{"control": {held}}, "control", "/nowhere/control.sock")
	if err != nil || got != held {
		t.Errorf("got %v, %v; want the one that is held", got, err)
	}
}
