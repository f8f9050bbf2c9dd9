package cluster

// rawCluster is the file as it is written. Its struct tags are the grammar: see walker. A doc tag completes "want …".
type rawCluster struct {
	Cluster  identifier              `yaml:"cluster" need:"yes" doc:"a name for the cluster"`
	Nodes    []rawNode               `yaml:"nodes" need:"yes" range:"1-16" doc:"the load balancers, the preferred one first"`
	VRRP     rawVRRP                 `yaml:"vrrp" need:"yes" doc:"the virtual addresses and how they move"`
	Checks   map[identifier]rawCheck `yaml:"checks" doc:"what is looked at beside HAProxy itself"`
	Services []rawService            `yaml:"services" doc:"what clients reach through the load balancers"`
	Stats    *rawStats               `yaml:"stats" doc:"HAProxy's statistics page"`
	Status   *rawStatus              `yaml:"status" doc:"metrics and a page about each node, for whoever can reach it; without it there are none"`
	Peers    *rawPeers               `yaml:"peers" doc:"what the nodes tell each other of themselves, so that lbsup status on each shows all; without it they tell nothing. Nothing is decided by it"`
	Notify   []rawNotice             `yaml:"notify" range:"1-16" doc:"who is told when something happens; mail is vrrp.notify"`
	HAProxy  rawHAProxy              `yaml:"haproxy" doc:"what HAProxy is told beside the services"`
	Watch    bool                    `yaml:"watch" default:"true" doc:"whether edits of this file are applied without being asked"`
}

type rawNode struct {
	Name    hostName `yaml:"name" need:"yes" doc:"the host name of the node"`
	Address address  `yaml:"address" need:"yes" doc:"the IP address of the node"`
}

type rawStats struct {
	Bind         binding    `yaml:"bind" need:"yes" doc:"where the page is, such as \"*:9000\""`
	URI          urlPath    `yaml:"uri" default:"/" doc:"the path of the page"`
	Refresh      duration   `yaml:"refresh" range:"1s-1h" doc:"how often a browser loads the page again"`
	Description  string     `yaml:"description" doc:"a line that the page shows"`
	User         userName   `yaml:"user" doc:"who may see the page"`
	PasswordFile secretPath `yaml:"password_file" doc:"the file with the user's password"`
	Admin        bool       `yaml:"admin" doc:"whether the page may stop servers"`
}

type rawStatus struct {
	Listen      binding    `yaml:"listen" need:"yes" doc:"where lbsup answers, such as \"127.0.0.1:9105\""`
	Certificate filePath   `yaml:"certificate" doc:"a PEM file with the certificate and those that vouch for it, for https; user lbsup must be able to read it"`
	Key         filePath   `yaml:"key" doc:"the PEM file with its private key; user lbsup must be able to read it"`
	Names       []hostName `yaml:"names" range:"1-16" doc:"other host names by which it may be asked for, such as a proxy's; by one that is not this node's it answers nobody"`
}

type rawHAProxy struct {
	Log      []logTarget `yaml:"log" range:"1-16" doc:"syslog servers, instead of the journal"`
	Global   []rawLine   `yaml:"global" doc:"raw lines for the global section"`
	Defaults []rawLine   `yaml:"defaults" doc:"raw lines for the defaults section"`
	Settle   delay       `yaml:"settle" default:"5s" range:"0s-5m" doc:"how long a change is watched before it counts as good: a service that had a healthy server must have one at its end"`
	Files    []filePath  `yaml:"files" range:"1-64" doc:"hand-written configuration, instead of services: what haproxy.service loads, with the line stats socket /run/haproxy-lbsup.sock mode 660 group haproxy level admin expose-fd listeners in its global section"`
}
