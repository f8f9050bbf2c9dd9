package main

import (
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/lbsup/lbsup/supervisor/status"
)

// window is the size of the terminal that w is; columns is 0 when it is none, rows where it does not say.
func window(w io.Writer) (columns, rows int) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, 0
	}
	size, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0, 0
	}
	if size.Col == 0 {
		return 80, int(size.Row) // a terminal that does not know: a serial console
	}
	return int(size.Col), int(size.Row)
}

// style is how to write to w: colours and wrapped lines only on a terminal. NO_COLOR is what no-color.org asks of programs.
func (p *program) style(w io.Writer) status.Style {
	width, _ := window(w)
	return status.Style{
		Width:   width,
		Colour:  width > 0 && !p.noColor && p.environment("NO_COLOR") == "" && p.environment("TERM") != "dumb",
		Unicode: p.utf8(),
	}
}

// utf8 says whether the locale's characters are UTF-8, by the precedence of locale(7).
func (p *program) utf8() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(p.environment(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return false
}
