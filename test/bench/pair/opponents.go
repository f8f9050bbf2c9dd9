package pair

import "fmt"

// The keepalived configurations of the opponents, written after the descriptions that people follow. What they say about timing, weights and priorities stands
// here unchanged. All hold the VIP that the client asks.

var states = [2]string{"MASTER", "BACKUP"}

// isActive is the pair documented for OpenShift on IBM Z. Its vrrp_strict is left out: without accept it makes keepalived drop everything that is sent
// to the VIPs, wherever keepalived is built with firewall support, so that no request would ever be answered.
func isActive(node int) string {
	return fmt.Sprintf(`
global_defs {
	process_names
	enable_script_security
	script_user root
	vrrp_version 3
	vrrp_min_garp true
}
vrrp_script chk_haproxy {
	script "/usr/bin/systemctl is-active --quiet haproxy"
	interval 5
	fall 2
	rise 2
	weight 51
}
vrrp_instance VI_1 {
	state %s
	interface enc1
	virtual_router_id 1
	priority %d
	advert_int 5
	track_interface {
		enc5 weight 50
	}
	track_script {
		chk_haproxy
	}
	virtual_ipaddress {
		172.18.100.100/16 brd 172.18.255.255 dev enc6
		10.131.0.1/14 brd 10.131.255.255 dev enc5
	}
}
`, states[node], [2]int{100, 50}[node])
}

// killall is the pair of two web documents: one interface for everything, VRRP version 2, which is the default. Of the two pairs of priorities that they
// give, 101 and 100 is the one with which the weight of 2 moves the address; 100 and 98 would end in a tie.
func killall(node int) string {
	return fmt.Sprintf(`
global_defs {
	router_id ovp_vrrp
	script_user root
}
vrrp_script haproxy_check {
	script "/usr/bin/killall -0 haproxy"
	interval 2
	weight 2
}
vrrp_instance OCP_EXT {
	state %s
	interface enc6
	virtual_router_id 51
	priority %d
	advert_int 1
	authentication {
		auth_type PASS
		auth_pass 1cee4b6e
	}
	virtual_ipaddress {
		172.18.100.100/16 dev enc6
	}
	track_script {
		haproxy_check
	}
}
`, states[node], [2]int{101, 100}[node])
}

// curl is the pair of an OpenShift installation on bare metal: both scripts run under timeout, both nodes have the same priority. The second
// script is content with the API server on the node itself, for which a stub server stands here.
func curl(node int) string {
	addresses := [2]string{"172.18.0.11", "172.18.0.12"}
	return fmt.Sprintf(`
global_defs {
	enable_script_security
	script_user root
}
vrrp_script chk_ocp_lb {
	script "/usr/bin/timeout 1.9 /etc/keepalived/chk_ocp_lb.sh"
	interval 2
	weight 20
	rise 3
	fall 2
}
vrrp_script chk_ocp_both {
	script "/usr/bin/timeout 1.9 /etc/keepalived/chk_ocp_both.sh"
	interval 2
	weight 5
	rise 3
	fall 2
}
vrrp_instance ocp_API {
	state BACKUP
	interface enc6
	virtual_router_id 52
	priority 40
	advert_int 1
	unicast_src_ip %s
	unicast_peer {
		%s
	}
	authentication {
		auth_type PASS
		auth_pass ocp_api_
	}
	virtual_ipaddress {
		172.18.100.100/16 dev enc6
	}
	track_script {
		chk_ocp_lb
		chk_ocp_both
	}
}
`, addresses[node], addresses[1-node])
}

// curlScripts are the programs that curl names.
var curlScripts = map[string]string{
	"/etc/keepalived/chk_ocp_lb.sh": `#!/bin/bash
/usr/bin/curl -o /dev/null -kLfs http://localhost:9445/haproxy_ready
`,
	"/etc/keepalived/chk_ocp_both.sh": `#!/bin/bash
/usr/bin/curl -o /dev/null -kLfs http://localhost:9445/haproxy_ready || /usr/bin/curl -o /dev/null -kLfs http://172.18.0.21:6443/readyz
`,
}

// trackProcess is what keepalived's manual offers for the purpose, track_process with a weight of 0 (FAULT), which is the faster way, and the priorities of its
// examples. A stand-in tells keepalived what it cannot hear in a container.
func trackProcess(node int) string {
	return fmt.Sprintf(`
vrrp_track_file haproxy {
	file /run/track-process/haproxy
	weight 0
}
vrrp_instance VI_1 {
	state %s
	interface enc6
	virtual_router_id 53
	priority %d
	advert_int 1
	virtual_ipaddress {
		172.18.100.100/16 dev enc6
	}
	track_file {
		haproxy
	}
}
`, states[node], [2]int{150, 100}[node])
}

// trackProcessUnit runs the stand-in. The directory is there before keepalived starts, which would otherwise drop the track file.
const trackProcessUnit = `[Unit]
Before=keepalived.service
[Service]
Type=exec
RuntimeDirectory=track-process
ExecStartPre=/bin/sh -c "echo 1 >/run/track-process/haproxy"
ExecStart=` + Tool + ` inside track-process haproxy /run/track-process/haproxy
Restart=always
[Install]
WantedBy=multi-user.target
`
