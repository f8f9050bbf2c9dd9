package apply

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// holder names the program that listens where a bind failed, as far as /proc tells.
func holder(at netip.AddrPort) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		data, err := os.ReadFile(table)
		if err != nil {
			continue
		}
		if inode := listening(string(data), at); inode != "" {
			return owner(inode)
		}
	}
	return "another program"
}

// listening returns the inode of the socket in a table of proc_net(5) that keeps an address from being bound.
func listening(table string, at netip.AddrPort) string {
	const listen, fields = "0A", 10
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < fields || f[3] != listen {
			continue
		}
		bound, ok := kernelAddress(f[1])
		if !ok || bound.Port() != at.Port() {
			continue
		}
		if a := bound.Addr(); a.IsUnspecified() || at.Addr().IsUnspecified() || a == at.Addr() {
			return f[9]
		}
	}
	return ""
}

// kernelAddress reads an address as the kernel prints it: each 32-bit word in the byte order of the machine, which is
// taken to be little-endian; elsewhere the program is merely not named.
func kernelAddress(text string) (netip.AddrPort, bool) {
	host, port, ok := strings.Cut(text, ":")
	if !ok {
		return netip.AddrPort{}, false
	}
	p, err := strconv.ParseUint(port, 16, 16)
	if err != nil {
		return netip.AddrPort{}, false
	}
	raw, err := hex.DecodeString(host)
	if err != nil || len(raw)%4 != 0 {
		return netip.AddrPort{}, false
	}
	for word := range slices.Chunk(raw, 4) {
		slices.Reverse(word)
	}
	addr, ok := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(addr.Unmap(), uint16(p)), ok
}

// owner finds the process that has a socket open.
func owner(inode string) string {
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return "another program"
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != "socket:["+inode+"]" {
			continue
		}
		pid := strings.Split(link, "/")[2]
		comm, err := os.ReadFile("/proc/" + pid + "/comm")
		if err != nil {
			return "process " + pid
		}
		return fmt.Sprintf("%s (process %s)", strings.TrimSpace(string(comm)), pid)
	}
	return "another program"
}
