package pair

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/need"
)

func TestChoose(t *testing.T) {
	all, err := Choose(nil)
	if err != nil || len(all) != 5 || all[0].Name != Lbsup || !all[0].Supervised() {
		t.Errorf("without names: got %v, %v", subjectNames(all), err)
	}
	some, err := Choose([]string{"killall-0", Lbsup})
	if got := subjectNames(some); err != nil || !slices.Equal(got, []string{"killall-0", Lbsup}) {
		t.Errorf("got %v, %v", got, err)
	}
	_, err = Choose([]string{"heartbeat"})
	const want = `cannot measure "heartbeat": got an unknown subject, want one of lbsup, systemctl-is-active, killall-0, curl-script, track-process`
	if errorText(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestEverySubjectIsComplete(t *testing.T) {
	for _, s := range Subjects() {
		if s.About == "" || s.Guess == 0 || s.Labs == 0 || s.adverts == "" {
			t.Errorf("%s: something is missing: %+v", s.Name, s)
		}
		if cables := (&Pair{Subject: s}).Cables(); len(cables) != 3 || cables[0] != s.adverts {
			t.Errorf("%s: got cables %v", s.Name, cables)
		}
		if s.script != "" && !strings.Contains(s.keepalived(0), "vrrp_script "+s.script) {
			t.Errorf("%s: its keepalived has no script %s", s.Name, s.script)
		}
	}
}

// What the documents say of their pairs stands in the configurations unchanged.
func TestOpponentsAreAsDocumented(t *testing.T) {
	for _, row := range []struct {
		subject       string
		both          []string
		first, second string
	}{
		{Documented, []string{"interval 5", "fall 2", "rise 2", "weight 51", "advert_int 5", "script_user root"}, "priority 100", "priority 50"},
		{"killall-0", []string{"interval 2", "weight 2", "advert_int 1"}, "priority 101", "priority 100"},
		{"curl-script", []string{"interval 2", "fall 2", "rise 3", "weight 20", "weight 5", "advert_int 1"}, "unicast_src_ip 172.18.0.11", "unicast_src_ip 172.18.0.12"},
		{"track-process", []string{"weight 0", "advert_int 1"}, "priority 150", "priority 100"},
	} {
		t.Run(row.subject, func(t *testing.T) {
			chosen, err := Choose([]string{row.subject})
			if err != nil {
				t.Fatal(err)
			}
			for node, own := range []string{row.first, row.second} {
				text := chosen[0].keepalived(node)
				for _, want := range append(row.both, own, VIP.String()) {
					if !strings.Contains(text, want+"\n") && !strings.Contains(text, want+"/") {
						t.Errorf("node %d: there is no %q in\n%s", node, want, text)
					}
				}
			}
		})
	}
}

// HAProxy and keepalived themselves take what is written for them; the last row proves that they can refuse.
func TestDaemonsTakeTheConfigurations(t *testing.T) {
	need.Root(t)
	need.Programs(t, "haproxy", "keepalived")
	// The names of the servers are those of the lab.
	config := strings.ReplaceAll(haproxyByHand, ".ocp0.sa.boe", ".invalid") + "defaults\n\tdefault-server init-addr none\n"
	config = strings.ReplaceAll(config, "check inter 1s", "check inter 1s init-addr none")
	if out, ok := ask(t, "haproxy", config, "-c", "-f"); !ok {
		t.Errorf("haproxy: %s", out)
	}
	for _, s := range Subjects() {
		for node := range 2 {
			if s.Supervised() {
				continue
			}
			out, ok := ask(t, "keepalived", s.keepalived(node), "-t", "-f")
			// Interfaces, scripts and directories are those of the lab's hosts.
			if complaints := ownComplaints(out); !ok && len(complaints) > 0 {
				t.Errorf("%s, node %d: %q", s.Name, node, complaints)
			}
		}
	}
	if out, ok := ask(t, "keepalived", strings.Replace(isActive(0), "weight 51", "weigth 51", 1), "-t", "-f"); ok || len(ownComplaints(out)) == 0 {
		t.Errorf("keepalived takes a keyword that does not exist: %s", out)
	}
}

func ask(t *testing.T, program, text string, args ...string) (string, bool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), program, append(args, file)...).CombinedOutput()
	return string(out), err == nil
}

// ownComplaints leaves out what keepalived says of this machine.
func ownComplaints(out string) (complaints []string) {
	for line := range strings.Lines(out) {
		known := slices.ContainsFunc([]string{"enc1", "enc5", "enc6", "/etc/keepalived/chk_", "VI_1", "OCP_EXT", "ocp_API", "cript", "/run/track-process"},
			func(word string) bool { return strings.Contains(line, word) })
		if strings.HasPrefix(line, "(") && !known {
			complaints = append(complaints, strings.TrimSpace(line))
		}
	}
	return complaints
}
