package cluster

import (
	"path"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/lbsup/lbsup/checks"
)

// probe is the question of a check that has exactly one kind.
func (b builder) probe(at string, raw rawCheck) checks.Probe {
	switch {
	case raw.HTTP != nil:
		codes := statusCodes(raw.HTTP.Status)
		b.statuses(at+".http.status", codes)
		return checks.Probe{Kind: checks.KindHTTP, HTTP: checks.HTTP{URL: string(raw.HTTP.URL), TLSVerify: raw.HTTP.TLSVerify, Status: codes}}
	case raw.TCP != nil:
		return checks.Probe{Kind: checks.KindTCP, TCP: raw.TCP.String()}
	case raw.Backend != "":
		b.backend(at+".backend", raw.Backend)
		return checks.Probe{Kind: checks.KindBackend, Backend: raw.Backend}
	case raw.Exec != nil:
		b.program(at+".exec", plainTexts(raw.Exec))
		return checks.Probe{Kind: checks.KindExec, Exec: plainTexts(raw.Exec)}
	case raw.Any != nil:
		return checks.Probe{Kind: checks.KindAny, Of: plainTexts(raw.Any)}
	case raw.All != nil:
		return checks.Probe{Kind: checks.KindAll, Of: plainTexts(raw.All)}
	default:
		return checks.Probe{Kind: checks.KindInterface, Interface: string(raw.Interface)}
	}
}

func (b builder) program(at string, command []string) {
	if len(command) > 0 && command[0] != "" && (!path.IsAbs(command[0]) || path.Clean(command[0]) != command[0]) {
		b.add(at+"[0]", mistake{"run this program", quote(command[0]), "an absolute path", ""})
	}
}

// backend checks that a check looks at a service, or a pool of one, that exists. What is in hand-written files only
// HAProxy knows.
func (b builder) backend(at, name string) {
	if len(b.raw.HAProxy.Files) > 0 {
		if !haproxyShape.pattern.MatchString(name) {
			b.add(at, mistake{"use this name", quote(name), haproxyShape.want, haproxyShape.hint})
		}
		return
	}
	known := b.index.backends
	if !slices.Contains(known, name) {
		b.add(at, mistake{"find this service", quote(name), oneOf(some(known)), b.near(name, known)})
	}
}

// argument is one word of a command.
type argument string

func (a *argument) read(n *yaml.Node) *mistake {
	text, m := textOf(n, "an argument", "text")
	if m != nil {
		if n.Kind == yaml.ScalarNode && !isNull(n) && n.ShortTag() != "!!str" {
			m.hint = "put it in quotes: " + quote(n.Value)
		}
		return m
	}
	*a = argument(text)
	return nil
}

func (argument) describe() property { return property{"type": "string"} }
