package story

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks a line at spaces. What follows the first break is indented as the line is, and a little more.
func wrap(line string, width int) []string {
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	var lines []string
	for len(indent)+utf8.RuneCountInString(body) > width {
		cut := lastSpace(body, width-len(indent))
		if cut < 0 {
			break
		}
		lines = append(lines, indent+strings.TrimRight(body[:cut], " "))
		body = strings.TrimLeft(body[cut:], " ")
		if len(lines) == 1 {
			indent += "  "
		}
	}
	return append(lines, indent+body)
}

// lastSpace is where to break a text so that not more than width characters stand before it: at the last space there, else at the first
// behind it, else nowhere (-1).
func lastSpace(text string, width int) int {
	cut, column := -1, 0
	for i, r := range text {
		if r == ' ' && i > 0 {
			if column > width && cut >= 0 {
				break
			}
			cut = i
		}
		column++
	}
	return cut
}

// trim cuts a line that is too long and shows that it did.
func (s Style) trim(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	mark := s.symbol("…", "...")
	runes := []rune(line)
	return strings.TrimRight(string(runes[:width-utf8.RuneCountInString(mark)]), " ") + mark
}

// Excerpt is the head of an output that has a first line and then titled sections with blank lines between them, and of its sections those that are asked for.
func Excerpt(output string, sections ...string) string {
	head, rest, _ := strings.Cut(strings.TrimSpace(output), "\n\n")
	kept := []string{head}
	for section := range strings.SplitSeq(rest, "\n\n") {
		title, _, _ := strings.Cut(strings.TrimSpace(section), "\n")
		for _, wanted := range sections {
			if title == wanted {
				kept = append(kept, strings.TrimRight(section, "\n"))
			}
		}
	}
	return strings.Join(kept, "\n")
}
