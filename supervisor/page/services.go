package page

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/supervisor/status"
)

// Service is one service in the drawing, the servers of all its pools together.
type Service struct {
	Name    string   `json:"name"`
	Mode    string   `json:"mode"`
	Bind    string   `json:"bind"`
	Tone    Tone     `json:"tone"`
	Words   string   `json:"words"`
	Servers []Server `json:"servers"`
}

// Server is one server.
type Server struct {
	Name    string `json:"name"`
	Address string `json:"address"`
	State   string `json:"state"` // up, down, maint, drain, unknown: each has its own shape
	Words   string `json:"words"`
	Backup  bool   `json:"backup,omitempty"`
}

func servicesOf(all []status.Service) []Service {
	out := make([]Service, 0, len(all))
	for _, s := range all {
		one := Service{Name: s.Name, Mode: s.Mode, Bind: strings.Join(s.Bind, " "), Tone: Good, Servers: []Server{}}
		up, down, unknown := 0, 0, 0
		for _, pool := range s.Pools {
			alive := len(pool.Servers) == 0
			for _, server := range pool.Servers {
				drawn := serverOf(server)
				one.Servers = append(one.Servers, drawn)
				switch drawn.State {
				case "up":
					up, alive = up+1, true
				case "down":
					down++
				case "unknown":
					unknown, alive = unknown+1, true
				}
			}
			if !alive {
				one.Tone = Bad
			}
		}
		one.judge(up, down, unknown)
		out = append(out, one)
	}
	return out
}

// judge says in words how many servers serve. One that somebody took out is no reason to worry.
func (s *Service) judge(up, down, unknown int) {
	total := len(s.Servers)
	if unknown == total && total > 0 {
		s.Tone, s.Words = Mute, "not known"
		return
	}
	s.Words = fmt.Sprintf("%d of %d up", up, total)
	if s.Tone == Good && down > 0 {
		s.Tone = Warn
	}
}

func serverOf(s status.Server) Server {
	words := strings.TrimSpace(s.Status + " " + s.Detail)
	if s.Status == "" {
		words = "not known"
	}
	return Server{Name: s.Name, Address: s.Address, State: stateOf(s.Status), Words: words, Backup: s.Backup}
}

// stateOf reads HAProxy's word, see "status" in chapter 9.1 of its management guide.
func stateOf(word string) string {
	if word == "no check" {
		return "up"
	}
	first, _, _ := strings.Cut(strings.ToLower(word), " ")
	switch first {
	case "up", "down", "maint", "drain":
		return first
	case "nolb":
		return "drain"
	default:
		return "unknown"
	}
}
