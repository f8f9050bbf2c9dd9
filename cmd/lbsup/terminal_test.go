package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/supervisor/status"
)

// terminal makes a pseudo-terminal of the given width and returns its two ends.
func terminal(t *testing.T, width uint16) (screen, end *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: width}); err != nil {
		t.Fatal(err)
	}
	end, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = end.Close() })
	return screen, end
}

func TestStyle(t *testing.T) {
	_, wide := terminal(t, 132)
	_, dumb := terminal(t, 0)
	for _, row := range []struct {
		name        string
		environment map[string]string
		noColor     bool
		out         *os.File
		want        status.Style
	}{
		{"a terminal", map[string]string{"LANG": "en_US.UTF-8", "TERM": "xterm"}, false, wide, status.Style{Width: 132, Colour: true, Unicode: true}},
		{"--no-color", map[string]string{"LANG": "en_US.UTF-8"}, true, wide, status.Style{Width: 132, Unicode: true}},
		{"NO_COLOR", map[string]string{"NO_COLOR": "1"}, false, wide, status.Style{Width: 132}},
		{"an empty NO_COLOR", map[string]string{"NO_COLOR": ""}, false, wide, status.Style{Width: 132, Colour: true}},
		{"TERM=dumb", map[string]string{"TERM": "dumb"}, false, wide, status.Style{Width: 132}},
		{"a terminal that does not know its width", nil, false, dumb, status.Style{Width: 80, Colour: true}},
		{"a pipe", map[string]string{"LANG": "de_DE.utf8"}, false, nil, status.Style{Unicode: true}},
		{"LC_ALL before LANG", map[string]string{"LANG": "de_DE.utf8", "LC_ALL": "C"}, false, nil, status.Style{}},
		{"an empty LC_ALL", map[string]string{"LANG": "de_DE.utf8", "LC_ALL": ""}, false, nil, status.Style{Unicode: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := &program{noColor: row.noColor, environment: func(name string) string { return row.environment[name] }}
			got := p.style(&bytes.Buffer{})
			if row.out != nil {
				got = p.style(row.out)
			}
			if got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestLogger(t *testing.T) {
	for _, row := range []struct {
		name, journal, format, want string
		whole                       bool
	}{
		{"text in the journal", "8:1", "text", "INF ready version=1\n", true},
		{"JSON in the journal", "8:1", "json", `{"level":"info","version":1,"message":"ready"}` + "\n", true},
		{"text elsewhere", "", "text", " INF ready version=1\n", false},
		{"JSON elsewhere", "", "json", `"time":"`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			var out bytes.Buffer
			p := &program{environment: func(name string) string {
				return map[string]string{"JOURNAL_STREAM": row.journal}[name]
			}}
			log := p.logger(&out, row.format)
			log.Info().Int("version", 1).Msg("ready")
			if got := out.String(); !strings.Contains(got, row.want) || row.whole && got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}
