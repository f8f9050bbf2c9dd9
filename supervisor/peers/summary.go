package peers

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/lbsup/lbsup/checks"
	"github.com/lbsup/lbsup/supervisor/status"
)

// What one node tells another is small, whatever it has to tell and whoever it is.
const (
	largest       = 64 << 10
	mostInstances = 64
	mostChecks    = 128
	longestName   = 128
)

// write makes the text that a node tells. What is too much is left out, checks first.
func write(s status.Summary) ([]byte, error) {
	s.Protocol = status.PeerProtocol
	tidy(&s)
	text, err := json.Marshal(s)
	if err == nil && len(text) >= largest {
		s.Checks = nil
		text, err = json.Marshal(s)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot tell peers of this node: %w", err)
	}
	return append(text, '\n'), nil
}

// read takes what a peer tells. It may tell anything: what is not known is passed over, what is too long is cut.
func read(from io.Reader) (status.Summary, error) {
	var s status.Summary
	if err := decode(from, largest, &s); err != nil {
		return status.Summary{}, err
	}
	tidy(&s)
	return s, nil
}

// decode reads JSON of this version of the exchange that is no larger than it may be.
func decode(from io.Reader, most int64, to any) error {
	text, err := io.ReadAll(io.LimitReader(from, most+1))
	if err != nil {
		return err
	}
	if int64(len(text)) > most {
		return fmt.Errorf("it tells more than %d bytes", most)
	}
	var version struct {
		Protocol int `json:"protocol"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return fmt.Errorf("what it tells cannot be read: %s", checks.Line(err.Error()))
	}
	if version.Protocol != status.PeerProtocol {
		return fmt.Errorf("it speaks version %d of this exchange, this node version %d: install the same lbsup on both", version.Protocol, status.PeerProtocol)
	}
	if err := json.Unmarshal(text, to); err != nil {
		return fmt.Errorf("what it tells cannot be read: %s", checks.Line(err.Error()))
	}
	return nil
}

// tidy bounds a summary and takes everything out of it that is not printable.
func tidy(s *status.Summary) {
	for _, name := range []*string{&s.Cluster, &s.Node, &s.Version, &s.HAProxy, &s.Keepalived, &s.ClusterFile} {
		*name = short(*name)
	}
	s.Finding = checks.Line(s.Finding)
	s.Instances = s.Instances[:min(len(s.Instances), mostInstances)]
	for i := range s.Instances {
		s.Instances[i].Name, s.Instances[i].State = short(s.Instances[i].Name), short(s.Instances[i].State)
	}
	s.Checks = s.Checks[:min(len(s.Checks), mostChecks)]
	for i := range s.Checks {
		c := &s.Checks[i]
		c.Name, c.Health, c.Reason = short(c.Name), short(c.Health), checks.Line(c.Reason)
	}
}

func short(name string) string {
	name = checks.Line(name)
	if runes := []rune(name); len(runes) > longestName {
		return string(runes[:longestName])
	}
	return name
}
