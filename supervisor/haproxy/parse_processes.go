package haproxy

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	heading = regexp.MustCompile(`<([^<>]+)>`)
	// 2.2 and 2.4 write an old worker's relative PID as "[was: 1]".
	was      = regexp.MustCompile(`\[was: *(\d+)\]`)
	failures = regexp.MustCompile(`\[failed: *(\d+)\]`)
)

// ParseProcesses reads the answer to "show proc" of HAProxy 2.2 to 3.2. Its columns differ between versions, so they are
// found by their headings.
func ParseProcesses(text string) (Processes, error) {
	var found Processes
	var columns []string
	var into *[]Process
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
		case strings.HasPrefix(line, "#<"):
			columns = headings(line)
		case strings.HasPrefix(line, "#"):
			into = found.section(strings.TrimSpace(line[1:]))
		default:
			row, err := parseProcess(columns, line)
			if err != nil {
				return Processes{}, fmt.Errorf("cannot read line %d of HAProxy's process list: %w", number+1, err)
			}
			found.add(into, row)
		}
	}
	if found.Master.PID == 0 {
		return Processes{}, errors.New("cannot read HAProxy's process list: it names no master")
	}
	return found, nil
}

func headings(line string) []string {
	var columns []string
	for _, match := range heading.FindAllStringSubmatch(line, -1) {
		columns = append(columns, match[1])
	}
	return columns
}

// section returns where the rows below a title belong, nil for a title of a version to come.
func (p *Processes) section(title string) *[]Process {
	switch title {
	case "workers":
		return &p.Workers
	case "old workers":
		return &p.OldWorkers
	case "programs":
		return &p.Programs
	case "old programs":
		return &p.OldPrograms
	default:
		return nil
	}
}

func (p *Processes) add(into *[]Process, row Process) {
	if row.Type == "master" && p.Master.PID == 0 {
		p.Master = row
	} else if into != nil {
		*into = append(*into, row)
	}
}

func parseProcess(columns []string, line string) (Process, error) {
	var row Process
	if match := failures.FindStringSubmatch(line); match != nil {
		row.Failed, _ = strconv.Atoi(match[1])
	}
	fields := strings.Fields(failures.ReplaceAllString(was.ReplaceAllString(line, "$1"), ""))
	if len(fields) < len(columns) || len(columns) == 0 {
		return Process{}, fmt.Errorf("got %d fields, want %d", len(fields), len(columns))
	}
	for i, column := range columns {
		if err := row.set(column, fields[i]); err != nil {
			return Process{}, err
		}
	}
	if row.PID <= 0 || row.Type == "" {
		return Process{}, errors.New("it has no PID or no type")
	}
	return row, nil
}

func (p *Process) set(column, value string) (err error) {
	switch column {
	case "PID":
		p.PID, err = strconv.Atoi(value)
	case "type":
		p.Type = value
	case "reloads":
		p.Reloads, err = strconv.Atoi(value)
	case "uptime":
		p.Uptime, err = parseUptime(value)
	case "version":
		p.Version = value
	}
	if err != nil {
		return fmt.Errorf("%s: got %q", column, value)
	}
	return nil
}

// parseUptime reads "0d00h02m07s".
func parseUptime(text string) (time.Duration, error) {
	days, rest, found := strings.Cut(text, "d")
	if !found {
		return 0, errors.New("no days")
	}
	n, err := strconv.ParseUint(days, 10, 16)
	if err != nil {
		return 0, err
	}
	part, err := time.ParseDuration(strings.ReplaceAll(rest, " ", ""))
	if part < 0 {
		return 0, errors.New("negative")
	}
	return time.Duration(n)*24*time.Hour + part, err
}
