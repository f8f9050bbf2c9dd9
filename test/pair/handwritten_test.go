package pair

import (
	"strings"
	"testing"
)

// Hand-written configuration is judged, kept and loaded, and never written, not even on the way back.
func TestHandWrittenConfiguration(t *testing.T) {
	p := up(t, openShift())
	const config = "/etc/haproxy/haproxy.cfg"
	before, _, _ := strings.Cut(p.cluster, "stats: {")
	sh(t, p.first, "sed -i '/^#/d; /description \"lbsup/d' "+config)
	hand := sh(t, p.first, "cat "+config) + "\n"
	p.edit(t, p.first, before+"haproxy: {files: ["+config+"]}\n")
	sh(t, p.first, "lbsup reload") // returns when that edit is live, before the next one
	p.well(t)
	keepalived := mainPID(t, p.first, "keepalived")
	w := p.watch(t)
	is := func(want string) {
		t.Helper()
		if now := sh(t, p.first, "cat "+config) + "\n"; now != want {
			t.Errorf("a hand-written file was written:\n%s", now)
		}
	}
	is(hand)

	const more = "\nlisten extra\n    mode tcp\n    bind *:8080\n    server compute0 compute0.ocp0.sa.boe:80\n"
	write(t, p.first, config, hand+more, 0o640) // a wish like any other
	eventually(t, "what was written by hand is live", func() bool {
		out, _ := try(t, p.first, "curl --silent --max-time 5 http://127.0.0.1:8080/")
		return out != ""
	})
	sh(t, p.first, "lbsup reload")
	is(hand + more)
	p.well(t)

	eventually(t, "the old worker has ended", func() bool { return !strings.Contains(p.running(t, p.first).worker, "\n") })
	worker := p.running(t, p.first).worker
	write(t, p.first, config, hand+"\nnonsense\n", 0o640)
	if out, code := try(t, p.first, "lbsup reload"); code != 1 || !strings.Contains(out, "unknown keyword 'nonsense'") {
		t.Errorf("a broken file ended with %d: %s", code, out)
	}
	is(hand + "\nnonsense\n")
	if now := p.running(t, p.first).worker; now != worker {
		t.Errorf("HAProxy's worker was %s and is %s", worker, now)
	}

	write(t, p.first, config, hand, 0o640)
	sh(t, p.first, "lbsup reload")
	number := sh(t, p.first, "readlink /var/lib/lbsup/generations/current")
	write(t, p.first, config, hand+more, 0o640)
	sh(t, p.first, "lbsup reload")
	if out, code := try(t, p.first, "lbsup rollback "+number); code != 1 || !containsAll(out, "is hand-written and was another one then", "install -m 0640 /var/lib") {
		t.Errorf("a rollback to another hand-written file ended with %d: %s", code, out)
	}
	is(hand + more)

	master := mainPID(t, p.first, "haproxy")
	sh(t, p.first, "kill -STOP "+master)
	write(t, p.first, config, hand, 0o640)
	p.says(t, p.first, "that it is not taken back", func(said string, code int) bool {
		return code == 1 && containsAll(said, "its master CLI does not answer", "systemctl restart haproxy.service")
	})
	sh(t, p.first, "kill -CONT "+master)
	is(hand)
	if now := installed(t, p.first); now == number {
		t.Errorf("generation %s is installed again", now)
	}
	if out := sh(t, p.first, "lbsup reload"); !strings.Contains(out, "it has yet to load what is installed") {
		t.Errorf("the next reload said: %s", out)
	}
	eventually(t, "the last edit is live", func() bool {
		_, code := try(t, p.first, "curl --silent --max-time 5 http://127.0.0.1:8080/")
		return code != 0
	})
	write(t, p.first, "/etc/haproxy/draft", hand+more, 0o640)
	sh(t, p.first, "systemctl stop lbsup && mv /etc/haproxy/draft "+config+" && systemctl start lbsup")
	eventually(t, "an edit made while lbsup was not running is live", func() bool {
		out, _ := try(t, p.first, "curl --silent --max-time 5 http://127.0.0.1:8080/")
		return out != ""
	})
	is(hand + more)
	p.well(t)
	if now := mainPID(t, p.first, "keepalived"); now != keepalived {
		t.Errorf("keepalived was %s and is %s", keepalived, now)
	}
	w.undisturbed(t)
}
