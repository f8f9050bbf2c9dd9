package haproxy

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/haproxy"
)

// script is what changes come to: what is needed before, the commands, and what must be so afterwards.
type script struct {
	added     []haproxy.Target // must not be there before
	existing  []haproxy.Target // must be there before
	room      []string         // deletes what is in the way
	commands  []string
	deletions []string
	wanted    []wanted
	limited   bool             // some server's maxconn is to be read back
	open      map[string]bool  // frontends that must be open, or must not be
	patterns  map[int][]string // the values that conditions must have, by their first number
}

func newScript(changes []haproxy.Change) (*script, error) {
	s := &script{open: map[string]bool{}, patterns: map[int][]string{}}
	for _, c := range changes {
		if err := s.add(c.Do); err != nil {
			return nil, fmt.Errorf("cannot make the change %q: %w", c.String(), err)
		}
	}
	return s, nil
}

// add writes the commands of one operation.
func (s *script) add(do haproxy.Operation) error {
	switch do := do.(type) {
	case haproxy.AddServer:
		return s.addServer(do)
	case haproxy.SetFrontend:
		return s.setFrontend(do)
	case haproxy.SetPatterns:
		s.patterns[do.First] = do.Values // which commands that takes is found when HAProxy has said what it has
		return nil
	case haproxy.DeleteServer:
		s.deletions = append(s.deletions, "del server "+do.String())
		return s.set(do.Target, is("maintenance", "on"), "set server", "state", "maint")
	case haproxy.SetAddress:
		return s.set(do.Target, isAt(do.Address), "set server", "addr", do.Address.Addr().String(), "port", port(do.Address))
	case haproxy.SetWeight:
		return s.set(do.Target, is("weight", strconv.Itoa(do.Weight)), "set server", "weight", strconv.Itoa(do.Weight))
	case haproxy.SetMaxConn:
		s.limited = true
		return s.set(do.Target, is("maxconn", strconv.Itoa(do.MaxConn)), "set maxconn server", strconv.Itoa(do.MaxConn))
	default:
		return fmt.Errorf("no command is known for %T", do)
	}
}

// addServer adds a server and brings it up: HAProxy leaves a new one in maintenance, with its health check off (Management
// Guide, 9.3 "add server").
func (s *script) addServer(do haproxy.AddServer) error {
	add := append([]string{"add", "server", do.String(), do.Address.String()}, do.Attributes...)
	if err := s.command(do.Target, add...); err != nil {
		return err
	}
	if err := s.command(do.Target, "set", "server", do.String(), "state", "ready"); err != nil {
		return err
	}
	if do.Checked {
		if err := s.command(do.Target, "enable", "health", do.String()); err != nil {
			return err
		}
	}
	s.limited = s.limited || do.MaxConn > 0
	s.added = append(s.added, do.Target)
	facts := isAt(do.Address)
	maps.Copy(facts, map[string]string{
		"maintenance": "off", "weight": strconv.Itoa(do.Weight), "maxconn": strconv.Itoa(do.MaxConn),
		"health check": onOff(do.Checked), "tls": onOff(do.TLS),
	})
	s.wanted = append(s.wanted, wanted{do.Target, facts})
	return nil
}

// set writes the one command that changes a server which is there.
func (s *script) set(target haproxy.Target, facts map[string]string, verb string, arguments ...string) error {
	s.existing = append(s.existing, target)
	s.wanted = append(s.wanted, wanted{target, facts})
	return s.command(target, slices.Concat(strings.Fields(verb), []string{target.String()}, arguments)...)
}

// safe are the characters of a word that means only itself on the command line of the runtime API: a line end or a semicolon
// would begin another command, a backslash quotes, and "<<" begins a payload.
const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:,/@%+=()[]"

// command takes a command about a server.
func (s *script) command(target haproxy.Target, words ...string) error {
	if target.Backend == "" || target.Server == "" || strings.Contains(target.Backend+target.Server, "/") {
		return fmt.Errorf("got %q, want the name of a backend and that of a server", target)
	}
	return s.say(words...)
}

// say takes a command whose words are harmless, whoever wrote them.
func (s *script) say(words ...string) error {
	for _, word := range words {
		if word == "" || strings.Trim(word, safe) != "" {
			return fmt.Errorf("%q is no word for HAProxy's runtime API", word)
		}
	}
	s.commands = append(s.commands, strings.Join(words, " "))
	return nil
}

func port(a netip.AddrPort) string { return strconv.Itoa(int(a.Port())) }

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
