package pair

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/test/lab"
)

// haproxyByHand carries the services of the OpenShift pair as its documents do: names in the servers, a check every second. Only what goes wrong is logged: a line
// for each of the client's requests would cost the machine that everybody shares more than it tells.
const haproxyByHand = `
global
	maxconn 4000
	user haproxy
	group haproxy
	log stdout format raw local0
	stats socket /run/haproxy-default.sock mode 660 level admin
defaults
	mode tcp
	log global
	option dontlognull
	option dontlog-normal
	retries 3
	timeout connect 10s
	timeout client 1m
	timeout server 1m
	timeout check 10s
listen stats
	bind *:1936
	mode http
	stats enable
	stats uri /stats
listen ready
	bind *:9445
	mode http
	monitor-uri /haproxy_ready
listen api-server-6443
	bind *:6443
	server bootstrap bootstrap.ocp0.sa.boe:6443 check inter 1s backup
	server control0 control0.ocp0.sa.boe:6443 check inter 1s
	server control1 control1.ocp0.sa.boe:6443 check inter 1s
	server control2 control2.ocp0.sa.boe:6443 check inter 1s
listen machine-config-server-22623
	bind *:22623
	server bootstrap bootstrap.ocp0.sa.boe:22623 check inter 1s backup
	server control0 control0.ocp0.sa.boe:22623 check inter 1s
	server control1 control1.ocp0.sa.boe:22623 check inter 1s
	server control2 control2.ocp0.sa.boe:22623 check inter 1s
listen ingress-router-443
	bind *:443
	balance source
	server compute0 compute0.ocp0.sa.boe:443 check inter 1s
	server compute1 compute1.ocp0.sa.boe:443 check inter 1s
listen ingress-router-80
	bind *:80
	balance source
	server compute0 compute0.ocp0.sa.boe:80 check inter 1s
	server compute1 compute1.ocp0.sa.boe:80 check inter 1s
`

// noRestart makes Debian's unit of HAProxy, which has Restart=always, behave like the unit of EL and Fedora, for which these pairs were documented: there nothing
// starts an HAProxy that has died.
const noRestart = "/etc/systemd/system/haproxy.service.d/el.conf"

// installByHand sets the hosts up as their admin would.
func (p *Pair) installByHand(ctx context.Context) error {
	for i, node := range p.Lab.Nodes {
		files := map[string]string{
			"/etc/haproxy/haproxy.cfg":        haproxyByHand,
			"/etc/keepalived/keepalived.conf": p.Subject.keepalived(i),
			noRestart:                         "[Service]\nRestart=no\n",
		}
		for path, text := range files {
			if err := node.Write(ctx, path, []byte(text), 0o644); err != nil {
				return err
			}
		}
		if err := startService(ctx, node, p.Subject.service); err != nil {
			return err
		}
		for path, text := range curlScripts {
			if err := node.Write(ctx, path, []byte(text), 0o755); err != nil {
				return err
			}
		}
		if _, err := node.Script(ctx, "systemctl daemon-reload && systemctl restart haproxy.service && systemctl start keepalived.service"); err != nil {
			return fmt.Errorf("cannot start %q: %v", p.Subject.Name, err)
		}
	}
	return nil
}

const serviceName = "track-process.service"

// startService starts the unit that belongs to the pair, if there is one.
func startService(ctx context.Context, node *lab.Node, text string) error {
	if text == "" {
		return nil
	}
	if err := node.Write(ctx, "/etc/systemd/system/"+serviceName, []byte(text), 0o644); err != nil {
		return err
	}
	_, err := node.Run(ctx, "systemctl", "enable", "--now", serviceName)
	return err
}

// AllowRestart lets systemd start an HAProxy that has died, as Debian's unit does, or not, as EL's.
func (p *Pair) AllowRestart(ctx context.Context, allowed bool) error {
	if p.Subject.Supervised() {
		return nil // the drop-in of lbsup's package sees to it
	}
	policy := "no"
	if allowed {
		policy = "always"
	}
	for _, node := range p.Lab.Nodes {
		if err := node.Write(ctx, noRestart, []byte("[Service]\nRestart="+policy+"\n"), 0o644); err != nil {
			return err
		}
		if _, err := node.Run(ctx, "systemctl", "daemon-reload"); err != nil {
			return err
		}
	}
	return nil
}
