package main

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/apply"
)

// installedStore has one generation, made from a cluster file.
func installedStore(t *testing.T) apply.Store {
	t.Helper()
	text, err := os.ReadFile("../../test/clusters/ocp-ibm-z.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, err := range []error{
		os.Mkdir(filepath.Join(dir, "1"), 0o700),
		os.WriteFile(filepath.Join(dir, "1", "manifest.json"), []byte(`{"number":1}`), 0o600),
		os.WriteFile(filepath.Join(dir, "1", "lbsup.yaml"), text, 0o600),
		os.Symlink("1", filepath.Join(dir, "current")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return apply.Store{Dir: dir}
}

func TestTakeOff(t *testing.T) {
	never := func(string) (bool, error) { return false, nil }
	for _, row := range []struct {
		name  string
		runs  func(program string) (bool, error)
		holds map[string]bool // link and address
		want  []string
		left  map[string]bool
		err   string
	}{
		{name: "both are here", runs: never, holds: map[string]bool{"enc6 172.18.100.100": true, "enc5 10.131.0.1": true, "enc6 172.18.100.1": true},
			want: []string{"172.18.100.100", "10.131.0.1"}, left: map[string]bool{"enc6 172.18.100.1": true}},
		{name: "one is on another link", runs: never, holds: map[string]bool{"enc5 172.18.100.100": true}, left: map[string]bool{"enc5 172.18.100.100": true}},
		{name: "keepalived runs", runs: func(program string) (bool, error) { return program == "keepalived", nil }, holds: map[string]bool{"enc5 10.131.0.1": true},
			left: map[string]bool{"enc5 10.131.0.1": true}},
		{name: "nobody knows", runs: func(string) (bool, error) { return false, errors.New("cannot list the processes: no") },
			holds: map[string]bool{"enc5 10.131.0.1": true}, left: map[string]bool{"enc5 10.131.0.1": true}, err: "cannot list the processes: no"},
		{name: "none is here", runs: never},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := takeOff(installedStore(t), row.runs, func(link string, a netip.Addr) (bool, error) {
				key := link + " " + a.String()
				was := row.holds[key]
				delete(row.holds, key)
				return was, nil
			})
			var removed []string
			for _, a := range got {
				removed = append(removed, a.String())
			}
			if diff := cmp.Diff(row.want, removed); diff != "" {
				t.Errorf("removed (-want +got):\n%s", diff)
			}
			if len(row.holds)+len(row.left) > 0 && !cmp.Equal(row.left, row.holds) {
				t.Errorf("left: %v, want %v", row.holds, row.left)
			}
			if said := ""; err != nil || row.err != "" {
				if err != nil {
					said = err.Error()
				}
				if said != row.err {
					t.Errorf("got %q, want %q", said, row.err)
				}
			}
		})
	}
}

// An address that will not go does not save the others.
func TestTakeOffGoesOn(t *testing.T) {
	got, err := takeOff(installedStore(t), func(string) (bool, error) { return false, nil }, func(link string, a netip.Addr) (bool, error) {
		if link == "enc6" {
			return false, errors.New(`cannot take 172.18.100.100 off "enc6": no`)
		}
		return true, nil
	})
	if len(got) != 1 || err == nil || err.Error() != `cannot take 172.18.100.100 off "enc6": no` {
		t.Errorf("got %v, %v", got, err)
	}
}

// Before a cluster file was installed no VIP is lbsup's, whatever was found on the disk.
func TestTakeOffWithNothingInstalled(t *testing.T) {
	empty, found := apply.Store{Dir: t.TempDir()}, installedStore(t)
	for _, err := range []error{
		os.Remove(filepath.Join(found.Dir, "1", "lbsup.yaml")),
		os.WriteFile(filepath.Join(found.Dir, "1", "manifest.json"), []byte(`{"number":1,"origin":"found"}`), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		name string
		in   apply.Store
	}{{"nothing", empty}, {"what was there before lbsup", found}} {
		t.Run(row.name, func(t *testing.T) {
			if _, err := takeOff(row.in, nil, nil); !errors.Is(err, errNoCluster) {
				t.Errorf("got %v, want %v", err, errNoCluster)
			}
		})
	}
	t.Run("what is gone from the disk", func(t *testing.T) {
		broken := installedStore(t)
		if err := os.Remove(filepath.Join(broken.Dir, "1", "manifest.json")); err != nil {
			t.Fatal(err)
		}
		if _, err := takeOff(broken, nil, nil); err == nil || errors.Is(err, errNoCluster) {
			t.Errorf("got %v, want what cannot be read", err)
		}
	})
}
