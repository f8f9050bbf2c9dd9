package status

import (
	"fmt"
	"strings"
)

// services says of each service how many servers it has. Only the servers that are not up are named.
func (p *page) services(ss []Service) {
	if len(ss) == 0 {
		return
	}
	p.title("Services")
	var rows []row
	for _, s := range ss {
		c := countServers(s)
		rows = append(rows, row{
			cells: []line{
				{p.mark(c.tone()), {s.Name, plain}}, say(s.Mode), say(strings.Join(s.Bind, ", ")),
				{{c.String(), toneOfText(c.tone())}},
			},
			under: absent(s),
		})
	}
	p.table(2, rows)
}

// servers counts the servers of a service.
type servers struct {
	total, up, unknown int
	dry                bool // a pool has none left
}

func countServers(s Service) servers {
	var c servers
	for _, pool := range s.Pools {
		alive := 0
		for _, server := range pool.Servers {
			c.total++
			switch {
			case server.Status == "":
				c.unknown++
				alive++
			case isUp(server.Status):
				c.up++
				alive++
			}
		}
		c.dry = c.dry || alive == 0 && len(pool.Servers) > 0
	}
	return c
}

// isUp reads HAProxy's word, which may be "UP 1/3" on its way down; see "status" in chapter 9.1 of its management guide.
func isUp(status string) bool {
	return status == "UP" || strings.HasPrefix(status, "UP ") || status == "no check"
}

func (c servers) tone() tone {
	switch {
	case c.dry:
		return bad
	case c.total > 0 && c.unknown == c.total:
		return faint
	case c.up+c.unknown < c.total:
		return warn
	default:
		return good
	}
}

func (c servers) String() string {
	switch {
	case c.total == 0:
		return ""
	case c.unknown == c.total:
		return fmt.Sprintf("%s, state not known", plural(c.total, "server"))
	default:
		return fmt.Sprintf("%d of %d up", c.up, c.total)
	}
}

// mostAbsent bounds how many servers of one service are named.
const mostAbsent = 8

// absent lists the servers of a service that are not up.
func absent(s Service) []row {
	var rows []row
	for _, pool := range s.Pools {
		for _, server := range pool.Servers {
			if server.Status == "" || isUp(server.Status) {
				continue
			}
			name := server.Name
			if len(s.Pools) > 1 {
				name = pool.Name + "/" + name
			}
			detail := server.Detail
			if server.Backup {
				detail = joined(", ", "backup", detail)
			}
			rows = append(rows, row{cells: []line{
				{{server.Status, warn}}, say(name), say(server.Address), {{detail, faint}},
			}})
		}
	}
	if more := len(rows) - mostAbsent; more > 1 { // "and 1 more" would take the line of the one
		rows = append(rows[:mostAbsent], row{cells: []line{{{fmt.Sprintf("and %d more", more), faint}}}})
	}
	return rows
}
