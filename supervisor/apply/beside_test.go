package apply

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const unitOfEL = "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG -f $CFGDIR -p $PIDFILE $OPTIONS\n"

// What HAProxy's unit loads beside haproxy.cfg is judged with it, and nobody is left to believe that lbsup renders it.
func TestFilesThatHAProxyLoadsToo(t *testing.T) {
	const note = "haproxy.service loads ROOT/etc/haproxy/conf.d/10.cfg, ROOT/etc/haproxy/conf.d/9.cfg too, which lbsup does not render: " +
		"move what is there into services, and remove it"
	for _, row := range []struct {
		name, unit, files string
		want              string // what HAProxy is asked about behind its own file
		note              string
	}{
		{name: "EL's unit", unit: unitOfEL, want: "-f ROOT/etc/haproxy/conf.d/10.cfg -f ROOT/etc/haproxy/conf.d/9.cfg", note: note},
		{name: "another unit", unit: "[Service]\nExecStart=/usr/sbin/haproxy -Ws -f $CONFIG\n"},
		{name: "no unit"},
		{name: "told of", unit: unitOfEL, files: "etc/haproxy/conf.d/10.cfg, etc/haproxy/conf.d/9.cfg"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h := newHost(t)
			if row.unit != "" {
				h.writes("etc/haproxy.service", row.unit)
			}
			h.writes("etc/haproxy.service.d/50-lbsup.conf", "[Service]\nRestart=always\n")
			for _, name := range []string{"9.cfg", "10.cfg", ".hidden.cfg", "old.cfg.bak", "dir.cfg/x"} {
				h.writes("etc/haproxy/conf.d/"+name, byHand)
			}
			if row.files != "" {
				h.saves(replaceFile(handWrittenFile, strings.ReplaceAll(row.files, "etc/", h.path("etc")+"/")))
			}
			r := h.applied("reload")
			_, argv, _ := strings.Cut(strings.ReplaceAll(strings.Join(h.ran[0], " "), h.dir, "ROOT"), ".cfg.lbsup-new")
			if diff := cmp.Diff(row.want, strings.TrimSpace(argv)); diff != "" {
				t.Errorf("HAProxy is asked about (-want +got):\n%s", diff)
			}
			notes := strings.ReplaceAll(strings.Join(r.Notes, "\n"), h.dir, "ROOT")
			if row.note == "" && strings.Contains(notes, "too, which") || !strings.Contains(notes, row.note) {
				t.Errorf("notes:\n%s\nwant %q", notes, row.note)
			}
		})
	}
}

func TestAFileOfOthersThatHAProxyLoadsToo(t *testing.T) {
	h := newHost(t)
	h.writes("etc/haproxy.service", unitOfEL)
	h.writes("etc/haproxy/conf.d/a.cfg", byHand)
	h.chmod("etc/haproxy/conf.d/a.cfg", 0o666)
	h.refused("reload", StagePreflight, `cannot read HAProxy file "ROOT/etc/haproxy/conf.d/a.cfg": it is not safe: `+
		`"ROOT/etc/haproxy/conf.d/a.cfg" (mode 0666) can be written by others than root`)
}

// The real HAProxy refuses what is in both.
func TestRealFilesThatClash(t *testing.T) {
	h := newHost(t)
	h.real("enc1")
	h.writes("etc/haproxy.service", unitOfEL)
	h.writes("etc/haproxy/conf.d/a.cfg", "listen other\n    bind 127.0.0.1:18080\n    server s1 192.0.2.21:80\n")
	h.applied("reload")
	h.writes("etc/haproxy/conf.d/a.cfg", "listen web\n    bind 127.0.0.1:18080\n    server s1 192.0.2.21:80\n")
	h.saves(clusterFile(81))
	r := h.refused("reload", StageHAProxy, `HAProxy refuses "ROOT/etc/haproxy/haproxy.cfg": it found errors (exit code 1)`)
	if !strings.Contains(r.Words, "conf.d/a.cfg:1") {
		t.Errorf("words: %s", r.Words)
	}
}
