package probe

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/lbsup/lbsup/checks"
)

// sysClassNet is where the kernel shows the links of the network namespace (Documentation/ABI/testing/sysfs-class-net).
const sysClassNet = "/sys/class/net"

func newInterface(name, root, link string) (Func, error) {
	if link == "" || link != filepath.Base(link) || link == "." || link == ".." {
		return nil, fmt.Errorf("cannot probe check %q: got the interface %q, want a name such as eth0", name, link)
	}
	dir := filepath.Join(root, link)
	return func(context.Context) checks.Result { return look(dir, link) }, nil
}

func look(dir, link string) checks.Result {
	flags, err := attribute(dir, "flags")
	if errors.Is(err, fs.ErrNotExist) {
		return failed("there is no interface %s", link)
	}
	bits, parse := strconv.ParseUint(flags, 0, 32)
	if err != nil || parse != nil {
		return doubtful("cannot read the flags of interface %s", link)
	}
	if bits&syscall.IFF_UP == 0 {
		return failed("interface %s is set down", link)
	}
	// Carrier cannot be read while a link is set down: it may have become so since the flags were read.
	carrier, err := attribute(dir, "carrier")
	if err != nil {
		return doubtful("cannot read the carrier of interface %s", link)
	}
	if carrier != "1" {
		return failed("interface %s has no carrier", link)
	}
	return operational(dir, link)
}

// operational reads RFC 2863's state; "unknown" is what drivers report that do not follow it, dummy and tun among them.
func operational(dir, link string) checks.Result {
	state, err := attribute(dir, "operstate")
	switch {
	case err != nil:
		return doubtful("cannot read the state of interface %s", link)
	case state == "up", state == "unknown":
		return healthy("interface %s is up", link)
	default:
		return failed("interface %s is %s", link, state)
	}
}

func attribute(dir, name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, name))
	return strings.TrimSpace(string(text)), err
}
