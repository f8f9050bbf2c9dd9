package packages

import (
	"fmt"
)

const haproxyByHand = `
global
	stats socket /run/haproxy-default.sock mode 660 level admin
defaults
	mode tcp
	timeout connect 1s
	timeout client 10s
	timeout server 10s
listen api
	bind *:6443
	server control0 control0.ocp0.sa.boe:6443 check inter 200ms
`

func keepalivedByHand(priority int) string {
	return fmt.Sprintf(`
vrrp_instance VI_1 {
	state BACKUP
	interface enc1
	virtual_router_id 1
	priority %d
	advert_int 0.2
	version 3
	virtual_ipaddress {
		172.18.100.100/16 dev enc6
		10.131.0.1/14 dev enc5
	}
}
`, priority)
}

const nextSteps = `lbsup: the next step is one file, /etc/lbsup/lbsup.yaml: see lbsup.yaml(5) and /usr/share/doc/lbsup/examples.
lbsup: then: lbsup validate && systemctl enable --now haproxy keepalived lbsup
lbsup: the haproxy.cfg and keepalived.conf of this host stay as they are until then. On a pair that serves, follow MOVING A PAIR OVER in man lbsup.
`
