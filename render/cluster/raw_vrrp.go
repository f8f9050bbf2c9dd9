package cluster

type rawVRRP struct {
	Version        int           `yaml:"version" default:"3" range:"2-3" doc:"the version of VRRP"`
	AdvertInterval duration      `yaml:"advert_interval" doc:"the time between adverts: 200ms, or 1s in version 2"`
	Unicast        bool          `yaml:"unicast" doc:"whether adverts go to the addresses of the nodes instead of a multicast group"`
	Notify         rawNotify     `yaml:"notify" doc:"who is told when an instance changes its state"`
	OnSplitBrain   string        `yaml:"on_split_brain" default:"report" one:"report|yield" doc:"what happens when two nodes hold the same address: it is reported, or the node that is worth less also lets go of it"`
	Orphans        string        `yaml:"orphans" default:"remove" one:"remove|report" doc:"what happens to addresses that a dead keepalived has left on a node: they are removed, or only reported"`
	Instances      []rawInstance `yaml:"instances" need:"yes" range:"1-255" doc:"the groups of addresses that move together"`
}

type rawNotify struct {
	Mail *rawMail `yaml:"mail" doc:"who is written to"`
}

type rawMail struct {
	To     []mailbox  `yaml:"to" need:"yes" range:"1-32" doc:"the receivers"`
	From   mailbox    `yaml:"from" need:"yes" doc:"the sender"`
	Server mailServer `yaml:"server" need:"yes" doc:"the IP address of the mail server, with its port unless it is 25"`
}

type rawInstance struct {
	Name         identifier `yaml:"name" need:"yes" doc:"a name for the instance"`
	RouterID     int        `yaml:"router_id" need:"yes" range:"1-255" doc:"the virtual router ID, the same on every node"`
	Interface    linkName   `yaml:"interface" need:"yes" doc:"the interface that adverts travel on"`
	Addresses    []rawVIP   `yaml:"addresses" need:"yes" range:"1-20" doc:"the virtual addresses"`
	Auth         *rawAuth   `yaml:"auth" doc:"authentication, in version 2 only"`
	Prefer       []hostName `yaml:"prefer" range:"1-16" doc:"the nodes, the preferred one first; those left out follow in their own order"`
	Preempt      bool       `yaml:"preempt" default:"true" doc:"whether a preferred node that is well again takes the addresses back"`
	PreemptDelay delay      `yaml:"preempt_delay" default:"3s" range:"0s-1h" doc:"how long a node must have been well before it takes the addresses back"`
	Hold         bool       `yaml:"hold" doc:"whether the addresses stay with a dead node when no other is better; a takeover then waits for three missed adverts"`
	Track        rawTrack   `yaml:"track" doc:"what the priority of the instance depends on"`
}

type rawVIP struct {
	Address   network  `yaml:"address" need:"yes" doc:"an address with its prefix length"`
	Interface linkName `yaml:"interface" doc:"the interface that gets the address, unless it is the instance's own"`
	Label     label    `yaml:"label" doc:"a label such as eth0:1 for the address"`
}

type rawAuth struct {
	Type         string     `yaml:"type" default:"pass" one:"pass|ah" doc:"the kind of authentication"`
	PasswordFile secretPath `yaml:"password_file" need:"yes" doc:"the file with the password, of at most 8 characters"`
}

type rawTrack struct {
	Interfaces []linkName            `yaml:"interfaces" range:"1-32" doc:"interfaces that must be up"`
	Checks     map[identifier]effect `yaml:"checks" doc:"checks, each with what it does to the instance: fault, lower, report or a weight"`
}
