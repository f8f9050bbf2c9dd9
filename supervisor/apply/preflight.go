package apply

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/lbsup/lbsup/render"
)

// preflight looks at what the daemons' own checks do not see and a reload would stumble over.
func (a *attempt) preflight(context.Context) error {
	var refused problems
	if a.report.HAProxy {
		refused = a.preflightHAProxy()
	}
	if a.report.Keepalived {
		refused = append(refused, a.preflightKeepalived()...)
	}
	if len(refused) > 0 {
		return refused
	}
	return nil
}

// preflightHAProxy looks at the host: a bind that fails pauses every frontend for two seconds, a chroot that is not there
// kills HAProxy up to 3.0, a missing socket directory stops it.
func (a *attempt) preflightHAProxy() problems {
	refused := a.preflightBinds()
	for _, s := range a.supplies {
		if s.Kind == SupplyCertificate {
			refused = append(refused, a.preflightCertificate(s)...)
		}
	}
	for _, text := range a.loaded() {
		refused = append(refused, a.preflightGlobals(readGlobals(text))...)
	}
	refused = append(refused, a.preflightHandWritten()...)
	return append(refused, a.preflightBeside()...)
}

// preflightHandWritten wants the one line of a hand-written configuration without which lbsup cannot see HAProxy at all.
func (a *attempt) preflightHandWritten() problems {
	if a.targets[0].intent != leave {
		return nil
	}
	for _, text := range a.loaded() {
		if slices.Contains(readGlobals(text).sockets, render.StatsSocket) {
			return nil
		}
	}
	line := "stats socket " + render.StatsSocket + " mode 660 group haproxy level admin expose-fd listeners"
	return problems{{Path: "haproxy.files", Message: "cannot supervise this HAProxy: none of the files has the stats socket " + render.StatsSocket,
		Hint: "put this line into the global section: " + line}}
}

// loaded are the configurations that HAProxy would load.
func (a *attempt) loaded() [][]byte {
	if t := a.targets[0]; t.intent == install {
		return [][]byte{t.text}
	}
	var texts [][]byte
	for _, s := range a.supplies {
		if s.Kind == SupplyHandWritten {
			texts = append(texts, s.data)
		}
	}
	return texts
}

func (a *attempt) preflightGlobals(g globals) problems {
	var refused problems
	if g.chroot != "" {
		if info, err := os.Stat(g.chroot); err != nil || !info.IsDir() {
			refused = append(refused, Problem{Message: fmt.Sprintf("cannot chroot to %q: there is no such directory", g.chroot),
				Hint: "mkdir -m 0755 " + g.chroot})
		}
	}
	for _, socket := range g.sockets {
		refused = append(refused, a.preflightSocket(socket)...)
	}
	// HAProxy raises its own limit as root; the kernel's bound is what it cannot pass. Each connection has two ends.
	if most := openFiles(); most > 0 && 2*g.maxconn > most {
		a.note(fmt.Sprintf("maxconn %d needs %d open files, the kernel allows %d a process (fs.nr_open)", g.maxconn, 2*g.maxconn, most))
	}
	return refused
}

func (a *attempt) preflightSocket(socket string) problems {
	dir := filepath.Dir(socket)
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return problems{{Message: fmt.Sprintf("cannot make the stats socket %q: there is no directory %q", socket, dir),
			Hint: "tmpfiles.d(5) makes directories that outlive a reboot"}}
	}
	if err != nil {
		return problems{{Message: fmt.Sprintf("cannot look at %q: %v", dir, err)}}
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
		// haproxy_t has no dac_override: there root may not write where the mode does not let it.
		a.note(fmt.Sprintf("the directory of the stats socket %q does not belong to root: under SELinux HAProxy may not start", socket))
	}
	return nil
}

func openFiles() int {
	data, err := os.ReadFile("/proc/sys/fs/nr_open")
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return n
}
