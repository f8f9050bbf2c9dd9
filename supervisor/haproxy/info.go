package haproxy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Info is what a worker says about itself.
type Info struct {
	Version     string
	PID         int
	Uptime      time.Duration
	Stopping    bool // it drains: a reload replaced it, or it was told to stop softly
	Node        string
	Description string // carries the digest of the configuration that the worker runs
	Mark        string // the digest of the configuration that changes at run time have led to, see Changer.Make
	Connections int    // now
	Maxconn     int
}

// ParseInfo reads the answer to "show info", and to "get var" behind it. The case of its names differs between versions and within one.
func ParseInfo(text string) (Info, error) {
	var info Info
	for line := range strings.SplitSeq(text, "\n") {
		name, value, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		if err := info.set(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)); err != nil {
			return Info{}, fmt.Errorf("cannot read HAProxy's information: %w", err)
		}
	}
	if info.PID <= 0 {
		return Info{}, errors.New("cannot read HAProxy's information: it names no process")
	}
	return info, nil
}

func (i *Info) set(name, value string) (err error) {
	switch name {
	case "version":
		i.Version = value
	case "pid":
		i.PID, err = strconv.Atoi(value)
	case "uptime":
		i.Uptime, err = parseUptime(value)
	case "stopping":
		i.Stopping = value != "0"
	case "node":
		i.Node = value
	case "description":
		i.Description = value
	case markVariable:
		i.Mark = markOf(value)
	case "currconns":
		i.Connections, err = strconv.Atoi(value)
	case "maxconn":
		i.Maxconn, err = strconv.Atoi(value)
	}
	if err != nil {
		return fmt.Errorf("%s: got %q", name, value)
	}
	return nil
}
