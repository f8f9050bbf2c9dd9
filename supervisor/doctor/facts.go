package doctor

import (
	"net/netip"
	"time"

	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
	"github.com/lbsup/lbsup/supervisor/doctor/ruleset"
)

// Facts are what was seen of a host. A part that could not be looked at says so in its Problem.
type Facts struct {
	At        time.Time
	Root      bool   // looked at with root's rights
	Installer string // "dnf" or "apt-get", as the host installs packages

	HAProxy    HAProxy
	Keepalived Keepalived
	Systemd    Systemd
	Firewall   Firewall
	SELinux    SELinux
	Sysctls    map[string]string // by path

	Names        map[string]Name
	Certificates map[string]Certificate
	Clock        Clock
	Links        map[string]Link
	Listeners    Listeners
	Disks        []Disk

	Wire   Wire
	Claims map[netip.Addr]Claim

	Configs    map[string]Config // by path: haproxy.cfg and keepalived.conf
	Leftovers  []Leftover
	Platform   string // of the machine, as its firmware tells: openstack, aws, …; empty: no cloud
	Supervisor Supervisor
}

// HAProxy and Keepalived are the programs.
type (
	HAProxy struct {
		Build   haproxy.Build
		Problem string
	}
	Keepalived struct {
		Build   keepalived.Build
		Problem string
	}
)

// Systemd is what it says of the units.
type Systemd struct {
	Units   map[string]Unit
	Cycles  []string // lines about ordering cycles
	Problem string
}

// Unit is one unit.
type Unit struct {
	LoadState, ActiveState, FileState string
	After, DropIns                    []string
	NeedReload                        bool // its files are not what systemd has loaded
}

// Firewall is the ruleset of the kernel.
type Firewall struct {
	Ruleset   ruleset.Ruleset
	Firewalld bool // it runs
	Legacy    bool // there are rules of the old iptables, which nft does not show
	Problem   string
	NoTool    bool // there is no nft to ask
}

// SELinux is its state.
type SELinux struct {
	Enabled, Enforcing bool
	Modules            []string       // installed beside the distribution's own
	ConnectAny         bool           // the boolean haproxy_connect_any
	Ports              map[int]string // TCP, single ones of the types that matter; nil: not known
}

// Name is how a host name was resolved.
type Name struct {
	Addresses []netip.Addr
	Server    string // that answered, or was asked last; empty: /etc/hosts
	Took      time.Duration
	Problem   string
	DNSSEC    bool // the answer exists and did not pass the name server's check of signatures
}

// Certificate is a PEM file with a chain and a key.
type Certificate struct {
	From, Until time.Time
	Public      bool // everybody may read it, the key too
	Problem     string
}

// Clock says whether the kernel's clock follows another one.
type Clock struct {
	Synchronized bool
	Problem      string
}

// Link is a network interface.
type Link struct {
	Up, Carrier bool
	Addresses   []netip.Prefix
}

// Listeners are the sockets that take TCP connections.
type Listeners struct {
	All     []Listener
	Problem string
}

// Listener is one of them. The zero Addr stands for every address of both families.
type Listener struct {
	At      netip.AddrPort
	Process string // empty: not told
	PID     int
}

// Disk is the room below a path.
type Disk struct {
	Path               string
	Free, Size         uint64 // bytes
	FreeInodes, Inodes uint64 // both 0 where the file system has no such limit
}

// Wire is what was heard on the links in some seconds.
type Wire struct {
	Adverts  []Advert
	Problems map[string]string // by link
	For      time.Duration
}

// Advert is one advert that was heard, with how often.
type Advert struct {
	Link      string
	RouterID  int
	IPv6      bool
	Source    netip.Addr
	Hardware  string
	Priority  int
	Interval  time.Duration
	Addresses []netip.Addr
	Sent      bool // by this host
	Passed    bool // the firewall lets it through
	Count     int
}

// Claim is who answers for an address, beside this host.
type Claim struct {
	Hardware []string
	Problem  string
}

// Config is a daemon's configuration.
type Config struct{ There, Ours bool }

// Leftover is something of a pair built by hand that is no longer needed.
type Leftover struct {
	Kind string // sudoers, selinux, script, check, sysctl, firewalld, loaded
	Path string
	Text string // the line, the program, or the name of the module
	User string // who has the right
}

// Supervisor is lbsup run.
type Supervisor struct {
	Running, Well bool
	Peers         map[string]string // why each other node is not heard, by name; empty: it is
}
