package faults

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// step is one system call of lbsup apply that changes something on the disk.
type step struct {
	call string
	path string // the file that it is about, with "#" for the number of the generation that is being made
	turn int    // which one of several with this call and path: the first is 1
}

func (s step) String() string {
	if s.turn > 1 {
		return fmt.Sprintf("%s %s, time %d", s.call, s.path, s.turn)
	}
	return s.call + " " + s.path
}

// changing are the calls that are steps. An open is one only where it makes or writes.
const changing = "openat,write,pwrite64,ftruncate,fsync,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat," +
	"chmod,fchmod,fchmodat,chown,fchown,fchownat"

var (
	traced     = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	ours       = regexp.MustCompile(`^(?:\d+<|(?:[A-Z"].*?)?")(/(?:etc/haproxy|etc/keepalived|var/lib/lbsup)(?:/[^">]*)?)[">]`)
	failed     = regexp.MustCompile(` = -1 E[A-Z]+ \([^()]*\)$`)
	generation = regexp.MustCompile(`/generations/(\d+)`)
)

// steps reads what strace -f -y wrote of one apply. A call that failed, as the removal of what is not there, changed nothing; but it counts for
// the turns of its thread, as strace counts.
func steps(trace string) []step {
	var all []step
	turns := map[string]int{}
	for line := range strings.Lines(trace) {
		m := traced.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		path := ours.FindStringSubmatch(m[3])
		if path == nil || m[2] == "openat" && !strings.Contains(m[3], "O_WRONLY") && !strings.Contains(m[3], "O_RDWR") {
			continue
		}
		s := step{call: m[2], path: generation.ReplaceAllString(path[1], "/generations/#")}
		key := m[1] + s.String()
		turns[key]++
		if s.turn = turns[key]; !failed.MatchString(m[3]) {
			all = append(all, s)
		}
	}
	return all
}

func TestSteps(t *testing.T) {
	const trace = `415   openat(AT_FDCWD</>, "/var/lib/lbsup/lock", O_RDWR|O_CREAT|O_NOFOLLOW|O_CLOEXEC, 0600) = 5</var/lib/lbsup/lock>
415   openat(AT_FDCWD</>, "/etc/haproxy/haproxy.cfg", O_RDONLY|O_CLOEXEC) = 5</etc/haproxy/haproxy.cfg>
415   unlinkat(AT_FDCWD</>, "/etc/haproxy/.haproxy.cfg.lbsup-try", 0) = -1 ENOENT (No such file or directory)
426   write(3</memfd:/keepalived/consolidated_configuration>(deleted), "# /etc/keepalived/.keepalived.co"..., 834) = 834
415   --- SIGURG {si_signo=SIGURG, si_code=SI_TKILL, si_pid=525, si_uid=0} ---
415   unlinkat(AT_FDCWD</>, "/etc/haproxy/.haproxy.cfg.lbsup-try", 0) = 0
415   mkdirat(AT_FDCWD</>, "/var/lib/lbsup/generations/4.new", 0700) = 0
415   fsync(6</etc/haproxy>)            = 0
422   fsync(6</etc/haproxy>)            = 0
415   renameat(AT_FDCWD</>, "/var/lib/lbsup/generations/4.new", AT_FDCWD</>, "/var/lib/lbsup/generations/4") = 0
415   symlinkat("4", AT_FDCWD</>, "/var/lib/lbsup/generations/current.new") = 0
`
	want := []step{
		{"openat", "/var/lib/lbsup/lock", 1},
		{"unlinkat", "/etc/haproxy/.haproxy.cfg.lbsup-try", 2},
		{"mkdirat", "/var/lib/lbsup/generations/#.new", 1},
		{"fsync", "/etc/haproxy", 1},
		{"fsync", "/etc/haproxy", 1},
		{"renameat", "/var/lib/lbsup/generations/#.new", 1},
		{"symlinkat", "/var/lib/lbsup/generations/current.new", 1},
	}
	if diff := cmp.Diff(want, steps(trace), cmp.AllowUnexported(step{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
