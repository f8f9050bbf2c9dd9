package haproxy

import (
	"bytes"
	"slices"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// Config is a rendered configuration. Its text holds the password of the statistics page: show it through Redact only.
type Config struct {
	Text   []byte
	Digest string // of the text; HAProxy itself tells it in "show info", see DigestOf
	Notes  []render.Note

	// HandWritten names the files of a cluster whose admin writes HAProxy's configuration (haproxy.files in the cluster file).
	// There is then nothing to render: Text and Digest are empty.
	HandWritten []string
}

const header = `# Written by lbsup for this node. Change the cluster file instead, ` + render.ClusterFile + `:
# lbsup reports an edit of this file and puts nothing over it.
`

// Render writes the configuration of one node.
func Render(l *cluster.Local, secrets cluster.Secrets, build Build) (Config, error) {
	if len(l.HAProxy.Files) > 0 {
		return Config{HandWritten: slices.Clone(l.HAProxy.Files)}, nil
	}
	p := &page{build: build, taken: map[string]bool{}, conditions: numbersOfConditions(l)}
	p.text.WriteString(header)
	p.global(l)
	p.defaults(l)
	if hasHostNames(l.Services) {
		p.resolvers()
	}
	if l.Stats != nil {
		p.statsPage(l, secrets)
	}
	for _, service := range l.Services {
		p.service(l, service)
	}
	if p.err != nil {
		return Config{}, p.err
	}
	text, digest := sign(p.text.String())
	return Config{Text: text, Digest: digest, Notes: p.notes}, nil
}

// Redact returns a configuration without its passwords, for people to read.
func Redact(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		if at := bytes.Index(line, []byte("stats auth ")); at >= 0 {
			lines[i] = append(slices.Clone(line[:at]), "stats auth ***"...)
		}
	}
	return bytes.Join(lines, []byte("\n"))
}
