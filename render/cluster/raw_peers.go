package cluster

type rawPeers struct {
	Port        int      `yaml:"port" default:"9106" range:"1-65535" doc:"the TCP port that each node listens on, at its own address, for the other nodes"`
	KeyFile     filePath `yaml:"key_file" doc:"a file with a secret of at least 32 random characters (openssl rand -base64 48), the same on every node, that user lbsup can read and others cannot; instead of certificates"`
	Certificate filePath `yaml:"certificate" doc:"a PEM file with a certificate for the node's name, for both ends of a connection; user lbsup must be able to read it"`
	Key         filePath `yaml:"key" doc:"the PEM file with its private key; user lbsup must be able to read it"`
	Authority   filePath `yaml:"ca" doc:"a PEM file with the certificates of the authority that vouches for every node, and for nobody else"`
}

type rawNotice struct {
	Exec        []argument   `yaml:"exec" range:"1-64" doc:"a program with its arguments; what happened is in its environment, see NOTIFICATIONS"`
	Webhook     *webURL      `yaml:"webhook" doc:"a URL that what happened is posted to, see NOTIFICATIONS"`
	HeadersFile secretPath   `yaml:"headers_file" doc:"a file with lines Name: value, for a webhook that wants to know who asks; user lbsup must be able to read it, others should not"`
	Timeout     duration     `yaml:"timeout" default:"10s" range:"1s-5m" doc:"how long the program, or one try of the webhook, may take"`
	On          []occurrence `yaml:"on" range:"1-3" doc:"what is told: transition, failed_change, split_brain; all of them unless stated"`
}
