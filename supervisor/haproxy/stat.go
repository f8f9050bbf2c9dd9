package haproxy

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Server is one server of a backend as the worker sees it.
type Server struct {
	Backend     string
	Name        string
	Address     string
	Status      string // HAProxy's own: UP, DOWN, "UP 1/3", "MAINT (resolution)", DRAIN, "no check"
	CheckStatus string // of the last health check: L4CON, L7OK, …
	CheckReason string
	LastChange  time.Duration // since the status changed
	Weight      int
	MaxConn     int // 0: unlimited
	Sessions    int // now
}

// Up reports whether HAProxy sends new sessions to the server. A server that goes down ("UP 1/3") still gets them, one that
// comes up ("DOWN 1/2") does not yet; one without a health check always does.
func (s Server) Up() bool {
	return s.Status == "no check" || s.Status == "UP" || strings.HasPrefix(s.Status, "UP ")
}

// Healthy reports whether a health check found the server well. One that was not checked yet counts as up and is not healthy.
func (s Server) Healthy() bool {
	return s.Up() && strings.HasSuffix(s.CheckStatus, "OK")
}

// Backend is one backend as the worker sees it.
type Backend struct {
	Name       string
	Status     string // UP or DOWN
	Active     int    // servers that are up, backup servers apart
	Backup     int    // backup servers that are up
	LastChange time.Duration
	Sessions   int
}

// Up reports whether the backend can serve a request.
func (b Backend) Up() bool { return b.Status == "UP" }

// Frontend is one frontend as the worker sees it.
type Frontend struct {
	Name     string
	Status   string // OPEN, PAUSED after "disable frontend", STOP after "shutdown frontend"
	Sessions int
}

// Open reports whether the frontend takes connections on all its binds: HAProxy does not start without one of them.
func (f Frontend) Open() bool { return f.Status == "OPEN" }

// Paused reports whether the frontend was disabled at run time. Only such a one can be opened again without a reload.
func (f Frontend) Paused() bool { return f.Status == "PAUSED" }

// Stat is what "show stat" says, in its order.
type Stat struct {
	Frontends []Frontend
	Backends  []Backend
	Servers   []Server
}

// The values of the column "type".
const (
	typeFrontend = "0"
	typeBackend  = "1"
	typeServer   = "2"
)

// ParseStat reads the answer to "show stat". Columns are found by their headings: every version adds some.
func ParseStat(text string) (Stat, error) {
	row, reader, err := openStat(text)
	if err != nil {
		return Stat{}, err
	}
	return row.readAll(reader)
}

// openStat reads the headings.
func openStat(text string) (row, *csv.Reader, error) {
	body, found := strings.CutPrefix(strings.TrimSpace(text), "# ")
	if !found {
		return row{}, nil, errors.New("cannot read HAProxy's statistics: no heading")
	}
	reader := csv.NewReader(strings.NewReader(body))
	reader.FieldsPerRecord = -1 // the heading ends with a comma, and so has one field more or less than the rows
	reader.ReuseRecord = true
	first, err := reader.Read()
	if err != nil {
		return row{}, nil, fmt.Errorf("cannot read HAProxy's statistics: %v", err)
	}
	r := row{column: map[string]int{}}
	for i, name := range first {
		r.column[name] = i
	}
	for _, name := range []string{"pxname", "svname", "status", "type"} {
		if _, known := r.column[name]; !known {
			return row{}, nil, fmt.Errorf("cannot read HAProxy's statistics: no column %q", name)
		}
	}
	return r, reader, nil
}

// row is one row of the statistics with the places of the columns.
type row struct {
	column map[string]int
	fields []string
}

func (r row) readAll(reader *csv.Reader) (Stat, error) {
	var stat Stat
	for {
		var err error
		if r.fields, err = reader.Read(); err == io.EOF {
			return stat, nil
		} else if err != nil {
			return Stat{}, fmt.Errorf("cannot read HAProxy's statistics: %v", err)
		}
		switch r.text("type") {
		case typeFrontend:
			stat.Frontends = append(stat.Frontends, Frontend{Name: r.text("pxname"), Status: r.text("status"), Sessions: r.number("scur")})
		case typeBackend:
			stat.Backends = append(stat.Backends, r.backend())
		case typeServer:
			stat.Servers = append(stat.Servers, r.server())
		}
	}
}

func (r row) server() Server {
	return Server{
		Backend: r.text("pxname"), Name: r.text("svname"), Address: r.text("addr"), Status: r.text("status"),
		CheckStatus: strings.TrimPrefix(r.text("check_status"), "* "), CheckReason: r.reason(),
		LastChange: r.since("lastchg"), Weight: r.number("weight"), MaxConn: r.number("slim"), Sessions: r.number("scur"),
	}
}

func (r row) backend() Backend {
	return Backend{
		Name: r.text("pxname"), Status: r.text("status"), Active: r.number("act"), Backup: r.number("bck"),
		LastChange: r.since("lastchg"), Sessions: r.number("scur"),
	}
}

// reason joins what a check found with what the server said to it.
func (r row) reason() string {
	kind, detail := r.text("check_desc"), r.text("last_chk")
	if kind == "" || detail == "" {
		return kind + detail
	}
	return kind + ": " + detail
}

func (r row) text(name string) string {
	if i, known := r.column[name]; known && i < len(r.fields) {
		return r.fields[i]
	}
	return ""
}

// number is 0 for an empty field: HAProxy leaves out what does not apply to a row.
func (r row) number(name string) int {
	n, err := strconv.Atoi(r.text(name))
	if err != nil {
		return 0
	}
	return n
}

// since caps at a hundred years, as a duration must not overflow.
func (r row) since(name string) time.Duration {
	const most = 100 * 365 * 24 * 3600
	return time.Duration(min(max(r.number(name), 0), most)) * time.Second
}
