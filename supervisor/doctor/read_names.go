package doctor

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// patience is for one name: HAProxy waits for the system's resolver when it starts, for one name after the other.
const patience = 5 * time.Second

// names resolves all names at once, each as Go does it by itself: by /etc/hosts and the servers of resolv.conf, so that the one who answered is known.
func (h Host) names(ctx context.Context, all []string) map[string]Name {
	out := map[string]Name{}
	var mu sync.Mutex
	var waiting sync.WaitGroup
	for _, name := range all {
		waiting.Go(func() {
			answer := resolve(ctx, name)
			mu.Lock()
			defer mu.Unlock()
			out[name] = answer
		})
	}
	waiting.Wait()
	return out
}

func resolve(ctx context.Context, name string) (n Name) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var mu sync.Mutex
	resolver := net.Resolver{PreferGo: true, StrictErrors: true, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		mu.Lock()
		n.Server = strings.TrimSuffix(address, ":53")
		mu.Unlock()
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
	begin := time.Now()
	addresses, err := resolver.LookupNetIP(ctx, "ip", name)
	mu.Lock() // a question of the other family may still be on its way
	defer mu.Unlock()
	n.Took = time.Since(begin)
	for _, a := range addresses {
		n.Addresses = append(n.Addresses, a.Unmap())
	}
	slices.SortFunc(n.Addresses, netip.Addr.Compare)
	if err == nil && len(n.Addresses) > 0 {
		return n
	}
	n.Problem = explain(err)
	if n.Server != "" {
		n.DNSSEC = answersUnchecked(ctx, n.Server, name)
	}
	return n
}

const noAddress = "it has no address"

// explain says what a name server said, without repeating the name.
func explain(err error) string {
	var d *net.DNSError
	if err == nil {
		return noAddress
	}
	if !errors.As(err, &d) {
		return err.Error()
	}
	d.Server = strings.TrimSuffix(d.Server, ":53")
	switch {
	case d.IsNotFound && d.Server != "":
		return "name server " + d.Server + " says that there is no such name"
	case d.IsNotFound:
		return "there is no such name"
	case d.IsTimeout && d.Server != "":
		return "name server " + d.Server + " did not answer in time"
	case d.Server != "":
		return "name server " + d.Server + ": " + d.Err
	}
	return d.Err
}

// answersUnchecked says whether a name server that refuses an answer has one when it is asked not to check signatures (RFC 4035, section 3.2.2).
func answersUnchecked(ctx context.Context, server, name string) bool {
	question, err := unchecked(name)
	if err != nil {
		return false
	}
	conn, err := new(net.Dialer).DialContext(ctx, "udp", net.JoinHostPort(strings.Trim(server, "[]"), "53"))
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := conn.Write(question); err != nil {
		return false
	}
	reply := make([]byte, 1500)
	size, err := conn.Read(reply)
	return err == nil && hasAddress(reply[:size])
}

func unchecked(name string) ([]byte, error) {
	fqdn, err := dnsmessage.NewName(strings.TrimSuffix(name, ".") + ".")
	if err != nil {
		return nil, err
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: 1, RecursionDesired: true, CheckingDisabled: true},
		Questions: []dnsmessage.Question{{Name: fqdn, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}},
	}
	return m.Pack()
}

// hasAddress says whether a reply gives an address.
func hasAddress(reply []byte) bool {
	var m dnsmessage.Message
	if err := m.Unpack(reply); err != nil || m.RCode != dnsmessage.RCodeSuccess {
		return false
	}
	return slices.ContainsFunc(m.Answers, func(r dnsmessage.Resource) bool { return r.Header.Type == dnsmessage.TypeA })
}
