package pair

import (
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

// A change that its check accepts and that does not prove itself is taken back.
func TestRollback(t *testing.T) {
	p := up(t, openShift())
	for _, row := range []struct {
		name, text, told string
	}{
		// The kernel allows no process so many, and HAProxy asks for them only when it starts.
		{"HAProxy does not start with it", p.cluster + "\nhaproxy: {global: [\"ulimit-n 2000000000\"]}\n", "cannot reload HAProxy"},
		{"a check gets worse", strings.Replace(p.cluster+selfCheck, `bind: ["*:80"]`, `bind: ["*:81"]`, 1), `check "web" got worse`},
	} {
		t.Run(row.name, func(t *testing.T) {
			good := p.cluster
			if strings.Contains(row.text, selfCheck) {
				good += selfCheck
				p.edit(t, p.first, good)
				eventually(t, "the check is healthy", func() bool { _, code := try(t, p.first, "lbsup check web"); return code == 0 })
			}
			p.well(t)
			w, before := p.watch(t), p.running(t, p.first)
			p.edit(t, p.first, row.text)
			p.says(t, p.first, "that the change was taken back", func(said string, code int) bool {
				return code == 1 && containsAll(said, "rolled back: it did not prove itself", row.told)
			})
			if history := sh(t, p.first, "lbsup history"); !containsAll(history, "rolled back", row.told) {
				t.Errorf("history does not tell it: %s", history)
			}
			if now := p.running(t, p.first); now.haproxyConfig != before.haproxyConfig || now.keepalived != before.keepalived {
				t.Errorf("not what it was: %+v, before: %+v", now, before)
			}
			settled := sh(t, p.first, "lbsup history")
			p.edit(t, p.first, good)
			p.well(t)
			w.undisturbed(t)
			if history := sh(t, p.first, "lbsup history"); !strings.Contains(history, "rolled back") {
				t.Errorf("the evidence is gone:\n%s\nbefore:\n%s", history, settled)
			}
			p.restore(t)
		})
	}
	t.Run("by hand, and it lasts", p.rollbackByHand)
}

const selfCheck = `
checks:
  web: {tcp: "127.0.0.1:80", interval: 500ms, on_fail: report}
`

// What a person has put back stays, although the cluster file says something else, also when lbsup is restarted.
func (p *pair) rollbackByHand(t *testing.T) {
	p.well(t)
	w, client := p.watch(t), p.Client(time.Second)
	answers := func() bool { _, err := lab.Ask(t.Context(), client, extraURL); return err == nil }
	p.edit(t, p.first, p.cluster+extraService)
	eventually(t, "the new service answers", answers)
	p.says(t, p.first, "well", func(_ string, code int) bool { return code == 0 })
	sh(t, p.first, "lbsup rollback")
	if answers() {
		t.Error("the service answers after the rollback")
	}
	sh(t, p.first, "systemctl restart lbsup")
	said := p.says(t, p.first, "that the file was not applied", func(said string, _ int) bool { return strings.Contains(said, "was edited and not applied") })
	if answers() {
		t.Errorf("a restart of lbsup has undone the rollback: %s", said)
	}
	sh(t, p.first, "lbsup reload")
	eventually(t, "the new service answers again", answers)
	p.restore(t)
	w.undisturbed(t)
}

// A hand edit of a rendered file is reported, and nothing is put over it unless somebody says so.
func TestDrift(t *testing.T) {
	p := up(t, openShift())
	const config, trace = "/etc/haproxy/haproxy.cfg", "# the admin was here"
	w, before := p.watch(t), p.running(t, p.first)
	sh(t, p.first, "echo '"+trace+"' >>"+config)
	p.told(t, p.first, config+" was changed by hand")
	p.edit(t, p.first, p.cluster+extraService)
	p.told(t, p.first, "cannot replace")
	if out, code := try(t, p.first, "lbsup reload"); code != 1 || !strings.Contains(out, "edited by hand") {
		t.Errorf("lbsup reload over a hand edit ended with %d: %s", code, out)
	}
	if now := sh(t, p.first, "cat "+config); !strings.HasSuffix(now, trace) {
		t.Error("the hand edit is gone")
	}
	if now := p.running(t, p.first); now.worker != before.worker {
		t.Errorf("HAProxy's worker was %s and is %s", before.worker, now.worker)
	}
	sh(t, p.first, "lbsup reload --overwrite")
	p.says(t, p.first, "well, with the new service", func(said string, code int) bool { return code == 0 && strings.Contains(said, "extra") })
	if kept := sh(t, p.first, "grep -rl '"+trace+"' /var/lib/lbsup"); kept == "" {
		t.Error("no copy of the hand edit was kept")
	}
	p.restore(t)
	w.undisturbed(t)
}
