package cluster

type rawService struct {
	Name           haproxyName             `yaml:"name" need:"yes" doc:"a name for the service"`
	Bind           []binding               `yaml:"bind" need:"yes" range:"1-64" doc:"where clients connect to"`
	Mode           string                  `yaml:"mode" default:"tcp" one:"tcp|http" doc:"the layer that the service works on"`
	Balance        algorithm               `yaml:"balance" default:"roundrobin" doc:"how the servers share the load; with source and the other hashes, which are consistent, servers come and go without a reload and clients of the others stay where they are"`
	Check          *rawHealth              `yaml:"check" doc:"how HAProxy looks after the servers, or off"`
	Servers        []rawServer             `yaml:"servers" range:"1-10000" doc:"the servers, where one pool is enough"`
	Pools          map[haproxyName]rawPool `yaml:"pools" doc:"groups of servers by name"`
	Routes         []rawRoute              `yaml:"routes" doc:"which requests go to which pool; host names and paths come and go without a reload"`
	Default        haproxyName             `yaml:"default" doc:"the pool for what no route takes"`
	TLS            *rawTLS                 `yaml:"tls" doc:"how the service speaks TLS to its clients"`
	Sticky         *rawSticky              `yaml:"sticky" doc:"keeps a client on one server"`
	ForwardedFor   *rawForwardedFor        `yaml:"forwarded_for" doc:"adds X-Forwarded-For to requests"`
	RequestHeaders map[token]string        `yaml:"request_headers" doc:"headers that are set in each request"`
	Disabled       bool                    `yaml:"disabled" doc:"whether it takes no new connections; those that exist stay"`
	Raw            []rawLine               `yaml:"raw" doc:"raw lines for the frontend; for the service as a whole where its servers are its own"`
}

type rawPool struct {
	Balance algorithm   `yaml:"balance" doc:"how the servers share the load, unless as the service says"`
	Check   *rawHealth  `yaml:"check" doc:"how HAProxy looks after the servers, unless as the service says, or off"`
	Servers []rawServer `yaml:"servers" need:"yes" range:"1-10000" doc:"the servers of the pool"`
	Sticky  *rawSticky  `yaml:"sticky" doc:"keeps a client on one server"`
	Raw     []rawLine   `yaml:"raw" doc:"raw lines for the backend"`
}

type rawServer struct {
	Name    haproxyName `yaml:"name" need:"yes" doc:"a name for the server"`
	Address endpoint    `yaml:"address" need:"yes" doc:"its host:port"`
	Backup  bool        `yaml:"backup" doc:"whether it only serves when no other server is up"`
	Weight  int         `yaml:"weight" range:"1-256" doc:"its share of the load"`
	MaxConn int         `yaml:"maxconn" range:"1-1000000" doc:"how many connections it gets at most"`
	TLS     bool        `yaml:"tls" doc:"whether HAProxy speaks TLS to it"`
	Verify  *bool       `yaml:"verify" doc:"whether its certificate is checked, which is so unless stated"`
}

type rawHealth struct {
	Interval duration          `yaml:"interval" default:"2s" range:"10ms-24h" doc:"the time from one check to the next"`
	Timeout  duration          `yaml:"timeout" range:"1ms-24h" doc:"the time to wait for an answer"`
	Rise     int               `yaml:"rise" default:"2" range:"1-1000" doc:"good checks in a row that bring a server up"`
	Fall     int               `yaml:"fall" default:"3" range:"1-1000" doc:"bad checks in a row that take it down"`
	TLS      bool              `yaml:"tls" doc:"whether the check speaks TLS to the server"`
	HTTP     *rawHealthRequest `yaml:"http" doc:"a request to send; without it a connection is enough"`
	off      bool
}

type rawHealthRequest struct {
	Path   urlPath      `yaml:"path" default:"/" doc:"the path to ask for"`
	Method method       `yaml:"method" default:"GET" doc:"the HTTP method"`
	Host   hostName     `yaml:"host" doc:"the Host header"`
	Status []statusCode `yaml:"status" range:"1-64" doc:"the status codes that are good, instead of 200 to 399"`
}

type rawRoute struct {
	When rawWhen     `yaml:"when" need:"yes" doc:"what a request must be like"`
	To   haproxyName `yaml:"to" need:"yes" doc:"the pool that gets the request"`
}

type rawWhen struct {
	Host       []hostName `yaml:"host" range:"1-256" doc:"host names that clients ask for"`
	PathBegins []urlPath  `yaml:"path_begins" range:"1-256" doc:"beginnings of the path"`
	PathEnds   []urlEnd   `yaml:"path_ends" range:"1-256" doc:"ends of the path"`
}

type rawTLS struct {
	Certificates []filePath `yaml:"certificates" need:"yes" range:"1-256" doc:"PEM files with the chain and the key"`
	MinVersion   string     `yaml:"min_version" default:"1.2" one:"1.2|1.3" doc:"the oldest version of TLS that is spoken"`
	ALPN         []protocol `yaml:"alpn" range:"1-8" doc:"protocols that are offered: h2 and http/1.1 in http mode unless stated"`
}

type rawSticky struct {
	Cookie token `yaml:"cookie" need:"yes" doc:"the cookie that names the server"`
}

type rawForwardedFor struct {
	Except *network `yaml:"except" doc:"a network whose requests are left alone"`
}
