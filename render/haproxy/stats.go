package haproxy

import (
	"fmt"
	"strings"

	"github.com/lbsup/lbsup/render/cluster"
)

// statsFrontend is the name of the statistics page's frontend.
const statsFrontend = "lbsup-stats"

// statsPage writes the statistics page.
func (p *page) statsPage(l *cluster.Local, secrets cluster.Secrets) {
	s := l.Stats
	p.proxy("frontend", statsFrontend)
	p.line("mode", "http")
	p.bind(l, s.Bind, nil)
	p.setting("option dontlog-normal")
	p.setting("stats enable")
	p.line("stats", "uri", s.URI)
	if s.Refresh > 0 {
		p.line("stats", "refresh", duration(s.Refresh))
	}
	if s.Description != "" {
		p.line("stats", "show-desc", s.Description)
	}
	if s.User != "" {
		p.statsAuth(s, secrets)
	}
	if s.Admin {
		p.setting("stats admin if TRUE")
	}
}

func (p *page) statsAuth(s *cluster.Stats, secrets cluster.Secrets) {
	password, ok := secrets[s.PasswordFile]
	switch {
	case !ok:
		p.fail(fmt.Errorf("stats.password_file: cannot find the contents of %q among the secrets", s.PasswordFile))
	case password == "":
		p.fail(fmt.Errorf("stats.password_file: cannot use an empty password from %q", s.PasswordFile))
	case strings.Contains(s.User, ":"):
		p.fail(fmt.Errorf("stats.user: cannot write the user %q: a colon ends the name", s.User))
	default:
		p.line("stats", "auth", s.User+":"+password)
	}
}
