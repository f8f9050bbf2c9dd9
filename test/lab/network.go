package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// network is the switch of a lab and the namespaces of its hosts. All names start with the lab's own prefix.
type network struct {
	prefix string
	// ports holds the switch's end of each link: host, then interface. It is filled by Up and only read after.
	ports map[string]map[string]string
}

// newNetwork names the ends in the switch: p1, p2, … in the topology's order, for they share one namespace.
func newNetwork(prefix string, t Topology) *network {
	n := &network{prefix: prefix, ports: map[string]map[string]string{}}
	count := 0
	for _, host := range t.hosts() {
		n.ports[host.Name] = map[string]string{}
		for _, port := range host.Ports {
			count++
			n.ports[host.Name][port.Name] = fmt.Sprintf("p%d", count)
		}
	}
	return n
}

func (n *network) namespace(host string) string { return n.prefix + host }

func (n *network) switchName() string { return n.namespace("switch") }

// addSwitch makes the bridges. Snooping is off because nobody here sends the queries that it needs, and VRRP adverts are multicast.
func (n *network) addSwitch(ctx context.Context, bridges []string) error {
	if err := ip(ctx, "netns", "add", n.switchName()); err != nil {
		return err
	}
	var batch strings.Builder
	for _, bridge := range bridges {
		fmt.Fprintf(&batch, "link add %s type bridge forward_delay 0 stp_state 0 mcast_snooping 0\n", bridge)
		fmt.Fprintf(&batch, "link set %s up\n", bridge)
	}
	return ipBatch(ctx, n.switchName(), batch.String())
}

// addHost makes a host's namespace with its links, addresses and routes.
func (n *network) addHost(ctx context.Context, host Host) error {
	namespace := n.namespace(host.Name)
	if err := ip(ctx, "netns", "add", namespace); err != nil {
		return err
	}
	var here, there strings.Builder
	fmt.Fprintln(&there, "link set lo up")
	for _, port := range host.Ports {
		end := n.ports[host.Name][port.Name]
		fmt.Fprintf(&here, "link add %s type veth peer name %s netns %s\n", end, port.Name, namespace)
		fmt.Fprintf(&here, "link set %s master %s up\n", end, port.Network)
		fmt.Fprintf(&there, "link set %s up\n", port.Name)
		for _, address := range port.Addresses {
			fmt.Fprintf(&there, "address add %s dev %s\n", address, port.Name)
		}
		for _, route := range port.Routes {
			fmt.Fprintf(&there, "route add %s dev %s\n", route, port.Name)
		}
	}
	if err := ipBatch(ctx, n.switchName(), here.String()); err != nil {
		return err
	}
	return ipBatch(ctx, namespace, there.String())
}

// removeHost forgets a host's namespace; its links go with it at once, also while a process still holds the namespace.
func (n *network) removeHost(ctx context.Context, host string) error {
	var batch strings.Builder
	for _, end := range n.ports[host] {
		fmt.Fprintf(&batch, "link del %s\n", end)
	}
	return errors.Join(ipBatch(ctx, n.switchName(), batch.String()), ip(ctx, "netns", "del", n.namespace(host)))
}

// setPort is the cable: down means that the host's end loses its carrier.
func (n *network) setPort(ctx context.Context, host, iface, state string) error {
	end, ok := n.ports[host][iface]
	if !ok {
		return fmt.Errorf("cannot set port %q of %q: no such port in the topology", iface, host)
	}
	return ip(ctx, "-n", n.switchName(), "link", "set", end, state)
}

func ipBatch(ctx context.Context, namespace, commands string) error {
	cmd := exec.CommandContext(ctx, "ip", "-n", namespace, "-batch", "-")
	cmd.Stdin = strings.NewReader(commands)
	return finish(cmd)
}

func ip(ctx context.Context, args ...string) error {
	return finish(exec.CommandContext(ctx, "ip", args...))
}

// finish runs a command of the machine itself and puts its own words into the error.
func finish(cmd *exec.Cmd) error {
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("cannot run %q: %w: %s", strings.Join(cmd.Args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}
