package pair

import (
	"strings"
	"testing"

	"github.com/lbsup/lbsup/test/lab"
)

// fault is something missing, broken or full on the first node, on which somebody then saves a good edit of the cluster file or has it
// reloaded.
type fault struct {
	name   string
	breaks string
	mends  string
	text   string   // saved while it is broken; empty: the cluster file stays as `breaks` leaves it
	told   []string // by lbsup reload
	status []string // by lbsup status; empty: the same
	slow   bool     // a refusal takes so long that the one of the saved edit must do
}

// Whatever is missing, broken or full: what runs is untouched, the words are clear, and once it is mended the next reload works.
func (p *pair) bears(t *testing.T, f fault) {
	p.well(t)
	w, before := p.watch(t), p.running(t, p.first)
	generation := installed(t, p.first)
	t.Cleanup(func() {
		if t.Failed() {
			try(t, p.first, f.mends)
			p.edit(t, p.first, p.cluster)
			try(t, p.first, "lbsup reload --force")
		}
	})
	sh(t, p.first, f.breaks)
	if f.text != "" {
		p.edit(t, p.first, f.text)
	}
	out, code := strings.Join(f.told, " "), 1
	if !f.slow {
		out, code = try(t, p.first, "lbsup reload")
	}
	if code != 1 || !containsAll(out, f.told...) {
		t.Errorf("lbsup reload ended with %d: %s", code, out)
	}
	if f.status == nil {
		f.status = f.told
	}
	p.says(t, p.first, strings.Join(f.status, ", "), func(said string, _ int) bool { return containsAll(said, f.status...) })
	p.untouched(t, p.first, before)
	if now := installed(t, p.first); now != generation {
		t.Errorf("generation %s was installed and %s is", generation, now)
	}
	sh(t, p.first, f.mends)
	p.edit(t, p.first, p.cluster+extraService)
	sh(t, p.first, "lbsup reload")
	p.says(t, p.first, "well, with the new service", func(said string, code int) bool { return code == 0 && strings.Contains(said, "extra") })
	p.restore(t)
	w.undisturbed(t)
}

func installed(t *testing.T, n *lab.Node) string {
	t.Helper()
	return sh(t, n, "readlink /var/lib/lbsup/generations/current")
}

func TestClusterFileFaults(t *testing.T) {
	p := up(t, openShift())
	for _, f := range []fault{
		{name: "missing", breaks: "mv /etc/lbsup/lbsup.yaml /etc/lbsup/away", mends: "rm /etc/lbsup/away", told: []string{"/etc/lbsup/lbsup.yaml", "does not exist"}},
		{name: "empty", breaks: ": >/etc/lbsup/lbsup.yaml", mends: ":", told: []string{"/etc/lbsup/lbsup.yaml", "empty"}},
		{name: "binary", breaks: "head -c 4096 /dev/zero >/etc/lbsup/lbsup.yaml; printf '\\377\\376\\001' >>/etc/lbsup/lbsup.yaml", mends: ":", told: []string{"/etc/lbsup/lbsup.yaml"}},
		{name: "ten megabytes", breaks: "yes '# a comment that says nothing' | head -c 10000000 >>/etc/lbsup/lbsup.yaml", mends: ":", told: []string{"/etc/lbsup/lbsup.yaml"}},
		{name: "writable by everybody", breaks: "chmod 666 /etc/lbsup/lbsup.yaml", mends: ":", told: []string{"/etc/lbsup/lbsup.yaml"}},
		{name: "a secret is missing", breaks: "mv /etc/lbsup/stats.password /etc/lbsup/away", mends: "mv /etc/lbsup/away /etc/lbsup/stats.password", told: []string{"/etc/lbsup/stats.password"}},
	} {
		t.Run(f.name, func(t *testing.T) { p.bears(t, f) })
	}
}

// stashed puts a stand-in in the place of a program, which runs on.
func stashed(program, script string) (breaks, mends string) {
	return "mv " + program + " " + program + ".away; printf '" + script + "' >" + program + "; chmod 755 " + program, "mv " + program + ".away " + program
}

func TestDaemonFaults(t *testing.T) {
	p := up(t, openShift())
	const haproxy, keepalived = "/usr/sbin/haproxy", "/usr/sbin/keepalived"
	slowBreaks, slowMends := stashed(haproxy, `#!/bin/sh\ncase "$1" in -c) exec sleep 1000;; esac\nexec /usr/sbin/haproxy.away "$@"\n`)
	oldBreaks, oldMends := stashed(haproxy, "#!/bin/sh\\necho HA-Proxy version 1.8.27-493ce0b 2020/11/06\\n")
	text := p.replaced(t, "interval: 1s", "interval: 2s")
	vip := p.replaced(t, "- {address: 172.18.100.100/16, interface: enc6}",
		"- {address: 172.18.100.100/16, interface: enc6}\n        - {address: 172.18.100.102/16, interface: enc6}")
	for _, f := range []fault{
		{name: "HAProxy is missing", breaks: "mv " + haproxy + " /root/away", mends: "mv /root/away " + haproxy, text: text, told: []string{haproxy, "not installed"}},
		{name: "HAProxy is too old", breaks: oldBreaks, mends: oldMends, text: text, told: []string{"1.8"}},
		{name: "HAProxy hangs in its check", breaks: slowBreaks, mends: slowMends, text: text, told: []string{haproxy, "hung"}, slow: true},
		{name: "keepalived is missing", breaks: "mv " + keepalived + " /root/away", mends: "mv /root/away " + keepalived, text: vip, told: []string{keepalived, "not installed"}},
	} {
		t.Run(f.name, func(t *testing.T) { p.bears(t, f) })
	}
}

// small lays a file system over a directory that has room for what is there and little more.
func small(dir, options string) (breaks, mends string) {
	return "cp -a " + dir + " /root/copy && mount -t tmpfs -o mode=755,size=4m lab-small " + dir + " && cp -a /root/copy/. " + dir + "/ && " + options,
		"umount " + dir + " && rm -rf /root/copy"
}

func TestDiskFaults(t *testing.T) {
	p := up(t, openShift())
	text := p.replaced(t, "interval: 1s", "interval: 2s")
	// Where apply cannot even leave its report, the journal has its words.
	silent := []string{"cannot run lbsup-apply@reload.service", "journalctl -u lbsup-apply@reload"}
	var faults []fault
	for _, row := range []struct {
		dir            string
		full, readOnly []string
	}{
		{"/etc/haproxy", []string{"no space left on device"}, []string{"read-only file system"}},
		{"/var/lib/lbsup", silent, silent},
	} {
		full, mends := small(row.dir, "{ dd if=/dev/zero of="+row.dir+"/ballast bs=4k 2>/dev/null || :; }")
		faults = append(faults,
			fault{name: row.dir + " is full", breaks: full, mends: mends, text: text, told: row.full},
			fault{name: row.dir + " is read-only", text: text, told: row.readOnly,
				breaks: "mount --bind " + row.dir + " " + row.dir + " && mount -o remount,ro,bind " + row.dir, mends: "umount " + row.dir})
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) { p.bears(t, f) })
	}
}
