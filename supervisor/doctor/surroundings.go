package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
)

// slow is when resolving a name takes so long that a start of HAProxy with some of them is felt.
const slow = time.Second

func names(e *examination, p patient) {
	for _, name := range hostNames(p.local) {
		id, n := "name."+name, p.Names[name]
		from := "/etc/hosts"
		if n.Server != "" {
			from = "name server " + n.Server
		}
		switch {
		case n.DNSSEC:
			e.fail(id, see("delv @"+n.Server+" "+name), "%s is not resolved: its answer does not pass the DNSSEC check of %s", name, from)
		case n.Problem != "" || len(n.Addresses) == 0:
			e.fail(id, see("getent ahosts "+name), "%s is not resolved: %s", name, cmp.Or(n.Problem, noAddress))
		case n.Took > slow:
			e.warn(id, see("resolvectl query "+name), "%s is %s, by %s, which took %s", name, n.Addresses[0], from, n.Took.Round(time.Millisecond))
		default:
			e.ok(id, "%s is %s, by %s, in %s", name, n.Addresses[0], from, n.Took.Round(time.Millisecond))
		}
	}
}

// soon is how long before its end a certificate is worth a word.
const soon = 14 * 24 * time.Hour

func certificates(e *examination, p patient) {
	for _, path := range certificateFiles(p.local) {
		id, c := "certificate."+path, p.Certificates[path]
		until := c.Until.UTC().Format(time.DateOnly)
		switch {
		case c.Problem != "" && !p.Root:
			continue // what this user cannot read, HAProxy, which starts as root, may
		case c.Problem != "":
			e.fail(id, see("openssl x509 -noout -subject -in "+path), "certificate %s cannot be used: %s", path, c.Problem)
		case p.At.Before(c.From):
			e.fail(id, see("timedatectl"), "certificate %s only begins on %s: clients refuse it", path, c.From.UTC().Format(time.DateOnly))
		case !p.At.Before(c.Until):
			e.fail(id, fix("lbsup reload   # when it is renewed"), "certificate %s ended on %s: clients refuse it", path, until)
		case c.Public:
			e.warn(id, fix("chmod o= "+path), "certificate %s and its key can be read by everybody", path)
		case c.Until.Sub(p.At) < soon:
			e.warn(id, fix("lbsup reload   # when it is renewed"), "certificate %s ends on %s", path, until)
		default:
			e.ok(id, "certificate %s is good until %s", path, until)
		}
	}
}

// certificateFiles are those of the cluster file, each once, in order.
func certificateFiles(l *cluster.Local) (out []string) {
	for _, s := range l.Services {
		if s.TLS != nil {
			out = append(out, s.TLS.Certificates...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func clock(e *examination, p patient) {
	switch {
	case p.Clock.Problem != "":
		e.warn("clock", see("timedatectl"), "whether the clock is right could not be seen: %s", p.Clock.Problem)
	case !p.Clock.Synchronized:
		e.warn("clock", fix("timedatectl set-ntp true"), "the clock follows no other: certificates and the log need the true time")
	default:
		e.ok("clock", "the clock is synchronized")
	}
}

func disks(e *examination, p patient) {
	for _, d := range p.Disks {
		id, free := "disk."+d.Path, float64(d.Free)/float64(max(d.Size, 1))
		most := "du -xh -d1 " + d.Path
		switch {
		case d.Size == 0:
			e.warn(id, see("df -h "+d.Path), "the room below %s is not known", d.Path)
		case d.Free < 8<<20 || free < 0.01:
			e.fail(id, see(most), "%s is full: %s free, and a generation is written whole or not at all", d.Path, size(d.Free))
		case d.Inodes > 0 && d.FreeInodes < 100:
			e.fail(id, see(most+" --inodes"), "%s has room for %d more files only", d.Path, d.FreeInodes)
		case free < 0.05:
			e.warn(id, see(most), "%s is nearly full: %s free", d.Path, size(d.Free))
		default:
			e.ok(id, "%s has %s free", d.Path, size(d.Free))
		}
	}
}

func size(bytes uint64) string {
	switch {
	case bytes >= 10<<30:
		return fmt.Sprintf("%d GB", bytes>>30)
	case bytes >= 10<<20:
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d kB", bytes>>10)
}
