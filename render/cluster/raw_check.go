package cluster

type rawCheck struct {
	HTTP       *rawHTTP     `yaml:"http" doc:"a request that must be answered well"`
	TCP        *endpoint    `yaml:"tcp" doc:"a host:port that must accept connections"`
	Backend    string       `yaml:"backend" doc:"a service, or service/pool, that must have a server up"`
	Interface  linkName     `yaml:"interface" doc:"an interface that must be up"`
	Exec       []argument   `yaml:"exec" range:"1-64" doc:"a program that must exit with 0, with its arguments"`
	Any        []identifier `yaml:"any" range:"1-64" doc:"checks of which one must be healthy"`
	All        []identifier `yaml:"all" range:"1-64" doc:"checks that must all be healthy"`
	Interval   duration     `yaml:"interval" range:"10ms-1h" doc:"the time from one look to the next"`
	Timeout    duration     `yaml:"timeout" range:"1ms-1h" doc:"the time after which a look without an answer counts as doubtful"`
	Rise       int          `yaml:"rise" range:"1-100" doc:"good looks in a row that make the check healthy"`
	Fall       int          `yaml:"fall" range:"1-100" doc:"bad looks in a row that end it"`
	HolderFall int          `yaml:"holder_fall" range:"1-100" doc:"bad looks in a row that end it on the node that holds an address: never fewer than fall"`
	OnFail     string       `yaml:"on_fail" one:"fault|lower|report" doc:"what instances that list no checks make of a failure"`
}

type rawHTTP struct {
	URL       webURL       `yaml:"url" need:"yes" doc:"an http or https URL"`
	TLSVerify bool         `yaml:"tls_verify" default:"true" doc:"whether the server's certificate is checked"`
	Status    []statusCode `yaml:"status" range:"1-64" doc:"the status codes that are good, instead of 200 to 399"`
}
