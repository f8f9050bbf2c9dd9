package cluster

import "go.yaml.in/yaml/v3"

// Each of these types is a text with a shape.
type (
	haproxyName string // proxies and servers
	identifier  string // clusters, instances and checks
	hostName    string
	linkName    string
	token       string
	method      string
	urlPath     string
	urlEnd      string
	filePath    string
	secretPath  string
	userName    string
	mailbox     string
	protocol    string
	label       string
)

func (x *haproxyName) read(n *yaml.Node) *mistake { return haproxyShape.read(n, (*string)(x)) }
func (x *identifier) read(n *yaml.Node) *mistake  { return identifierShape.read(n, (*string)(x)) }
func (x *hostName) read(n *yaml.Node) *mistake    { return hostShape.read(n, (*string)(x)) }
func (x *linkName) read(n *yaml.Node) *mistake    { return linkShape.read(n, (*string)(x)) }
func (x *token) read(n *yaml.Node) *mistake       { return tokenShape.read(n, (*string)(x)) }
func (x *method) read(n *yaml.Node) *mistake      { return methodShape.read(n, (*string)(x)) }
func (x *urlPath) read(n *yaml.Node) *mistake     { return urlPathShape.read(n, (*string)(x)) }
func (x *urlEnd) read(n *yaml.Node) *mistake      { return urlEndShape.read(n, (*string)(x)) }
func (x *filePath) read(n *yaml.Node) *mistake    { return fileShape.read(n, (*string)(x)) }
func (x *secretPath) read(n *yaml.Node) *mistake  { return secretShape.read(n, (*string)(x)) }
func (x *userName) read(n *yaml.Node) *mistake    { return userShape.read(n, (*string)(x)) }
func (x *mailbox) read(n *yaml.Node) *mistake     { return mailboxShape.read(n, (*string)(x)) }
func (x *protocol) read(n *yaml.Node) *mistake    { return alpnShape.read(n, (*string)(x)) }
func (x *label) read(n *yaml.Node) *mistake       { return labelShape.read(n, (*string)(x)) }

func (haproxyName) describe() property { return haproxyShape.describe() }
func (identifier) describe() property  { return identifierShape.describe() }
func (hostName) describe() property    { return hostShape.describe() }
func (linkName) describe() property    { return linkShape.describe() }
func (token) describe() property       { return tokenShape.describe() }
func (method) describe() property      { return methodShape.describe() }
func (urlPath) describe() property     { return urlPathShape.describe() }
func (urlEnd) describe() property      { return urlEndShape.describe() }
func (filePath) describe() property    { return fileShape.describe() }
func (secretPath) describe() property  { return secretShape.describe() }
func (userName) describe() property    { return userShape.describe() }
func (mailbox) describe() property     { return mailboxShape.describe() }
func (protocol) describe() property    { return alpnShape.describe() }
func (label) describe() property       { return labelShape.describe() }

// plainTexts turns named texts into plain ones.
func plainTexts[T ~string](in []T) (out []string) {
	for _, s := range in {
		out = append(out, string(s))
	}
	return out
}
