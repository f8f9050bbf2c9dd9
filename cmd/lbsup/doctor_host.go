package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/supervisor/doctor"
	"github.com/lbsup/lbsup/supervisor/kernel"
	"github.com/lbsup/lbsup/supervisor/systemd"
	"github.com/lbsup/lbsup/supervisor/wire"
)

// host is this host, as doctor sees it.
func (p *program) host() doctor.Host {
	return doctor.Host{
		Superuser: os.Geteuid() == 0,
		Now:       time.Now,
		Run:       ask,
		Unit:      unitOf,
		Links:     linksOf,
		Hear:      hear,
		Claim:     wire.Claimants,
		Clock:     kernelClock,
		Room:      roomBelow,
		Supervisor: func(ctx context.Context) doctor.Supervisor {
			ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
			defer cancel()
			s, err := p.client().Status(ctx)
			told := map[string]string{}
			for _, peer := range s.Peers {
				if peer.Summary != nil || peer.Trouble != "" { // else it was not asked yet
					told[peer.Node] = peer.Trouble
				}
			}
			return doctor.Supervisor{Running: err == nil, Well: s.Well, Peers: told}
		},
	}
}

// ask runs a program for what it says: apply.Run keeps too little of a firewall's ruleset.
func ask(ctx context.Context, argv ...string) (string, int, error) {
	ctx, cancel := context.WithTimeout(ctx, patientWithDaemons)
	defer cancel()
	path := findDaemon(argv[0])
	if path == "" {
		return "", 0, fmt.Errorf("there is no program %q", argv[0])
	}
	cmd := exec.CommandContext(ctx, path, argv[1:]...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "SYSTEMD_COLORS=0"}
	cmd.Dir = "/"
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) && ctx.Err() == nil {
		return out.String(), ended.ExitCode(), nil
	}
	return out.String(), 0, err
}

func unitOf(ctx context.Context, name string) (doctor.Unit, error) {
	u, err := systemd.Units{}.Installed(ctx, name)
	return doctor.Unit(u), err
}

// linksOf takes the first of what the kernel package tells again after each change.
func linksOf(ctx context.Context) (map[string]doctor.Link, error) {
	out := map[string]doctor.Link{}
	links, err := first(ctx, kernel.Links)
	if err != nil {
		return nil, err
	}
	addresses, err := first(ctx, kernel.Addresses)
	for _, l := range links {
		out[l.Name] = doctor.Link{Up: l.Up, Carrier: l.Carrier, Addresses: addresses[l.Name]}
	}
	return out, err
}

func first[T any](ctx context.Context, watch func(context.Context, func(T)) error) (out T, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err = watch(ctx, func(v T) {
		out = v
		cancel()
	})
	return out, err
}

// kernelClock asks the kernel, as timedatectl does: adjtimex(2), STA_UNSYNC.
func kernelClock() doctor.Clock {
	var t unix.Timex
	if _, err := unix.Adjtimex(&t); err != nil {
		return doctor.Clock{Problem: err.Error()}
	}
	return doctor.Clock{Synchronized: t.Status&unix.STA_UNSYNC == 0}
}

func roomBelow(path string) doctor.Disk {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return doctor.Disk{Path: path}
	}
	block := uint64(s.Bsize)
	return doctor.Disk{Path: path, Free: s.Bavail * block, Size: s.Blocks * block, FreeInodes: s.Ffree, Inodes: s.Files}
}

// hear listens on links, below the firewall and, where adverts are expected, behind it.
func hear(ctx context.Context, links []string, families []doctor.Hearing) doctor.Wire {
	e := &ear{wire: doctor.Wire{Problems: map[string]string{}}, passed: map[voice]bool{}}
	for _, link := range links {
		e.listen(link, func(emit func(wire.Heard)) error { return wire.Listen(ctx, link, emit) }, e.heard)
	}
	for _, f := range families {
		e.listen(f.Link, func(emit func(wire.Heard)) error { return wire.Receive(ctx, f.Link, f.IPv6, f.Authenticated, emit) }, e.received)
	}
	return e.end()
}

// voice is who speaks of what.
type voice struct {
	link   string
	id     int
	source netip.Addr
}
