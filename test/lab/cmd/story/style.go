package story

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Style is how a tale is written.
type Style struct {
	Width   int
	Colour  bool
	Unicode bool
}

// Columns of a tale: lines of a log should not be longer, nor those of a wide terminal.
const (
	narrowest = 60
	widest    = 110
)

// StyleOf is how to write to a file: colours on a terminal only, and its width.
func StyleOf(file *os.File, environment func(string) string) Style {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	style := Style{Width: widest, Unicode: speaksUTF8(environment)}
	if err == nil {
		style.Colour = environment("TERM") != "dumb" && environment("NO_COLOR") == ""
		if size.Col > 0 {
			style.Width = min(max(int(size.Col), narrowest), widest)
		}
	}
	return style
}

// speaksUTF8 says whether the locale's characters are UTF-8, by the precedence of locale(7).
func speaksUTF8(environment func(string) string) bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := strings.ToLower(environment(name)); value != "" {
			return strings.Contains(value, "utf-8") || strings.Contains(value, "utf8")
		}
	}
	return false
}

// Locale is what a program on a host is to take for its locale, so that its characters are those of the tale.
func (s Style) Locale() string {
	if s.Unicode {
		return "C.UTF-8"
	}
	return "C"
}

const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
	cyan  = "36"
)

func (s Style) paint(colour, text string) string {
	if !s.Colour || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

func (s Style) symbol(unicode, plain string) string {
	if s.Unicode {
		return unicode
	}
	return plain
}
