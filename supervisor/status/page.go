package status

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// piece is some text with its tone; line is pieces one after the other.
type (
	piece struct {
		text string
		tone tone
	}
	line []piece
)

// say makes a line of one plain piece.
func say(text string) line { return line{{text, plain}} }

func (l line) width() int {
	n := 0
	for _, p := range l {
		n += utf8.RuneCountInString(p.text)
	}
	return n
}

// page collects lines until they are written all at once.
type page struct {
	Style
	buf bytes.Buffer
}

func (p *page) writeTo(w io.Writer) error {
	_, err := w.Write(p.buf.Bytes())
	return err
}

// title begins a section, with an empty line before it unless it is the first.
func (p *page) title(text string) {
	if p.buf.Len() > 0 {
		p.buf.WriteByte('\n')
	}
	p.put(0, line{{text, strong}})
}

// put writes one line that is wrapped, and goes on under its own beginning.
func (p *page) put(indent int, l line) {
	p.buf.WriteString(strings.Repeat(" ", indent))
	p.wrap(indent, p.cleanLine(l))
	p.buf.WriteByte('\n')
}

// putMarked is put with a mark in front, under which nothing stands.
func (p *page) putMarked(indent int, t tone, l line) {
	p.table(indent, []row{{cells: []line{append(line{p.mark(t)}, l...)}, hang: p.marked()}})
}

// verbatim writes a line as it is: a place to copy, a daemon's words.
func (p *page) verbatim(indent int, l line) {
	p.buf.WriteString(strings.Repeat(" ", indent))
	p.pieces(p.cleanLine(l))
	p.trimLine()
	p.buf.WriteByte('\n')
}

func (p *page) pieces(l line) {
	for _, one := range l {
		p.buf.WriteString(p.paint(one.tone, one.text))
	}
}

// narrowest is the room below which wrapping makes things worse.
const narrowest = 20

// wrap writes pieces from column at on. Too long ones go on in the next line, at the same column.
func (p *page) wrap(at int, l line) {
	if p.Width <= 0 || at+l.width() <= p.Width {
		p.pieces(l)
		return
	}
	room := max(p.Width-at, narrowest)
	used := 0
	for _, word := range words(l) {
		n := utf8.RuneCountInString(strings.TrimRight(word.text, " "))
		if used > 0 && used+n > room {
			p.trimLine()
			p.buf.WriteByte('\n')
			p.buf.WriteString(strings.Repeat(" ", at))
			used = 0
		}
		p.buf.WriteString(p.paint(word.tone, word.text))
		used += utf8.RuneCountInString(word.text)
	}
	p.trimLine()
}

// trimLine takes away the blanks that end a line, unless colours stand behind them.
func (p *page) trimLine() {
	b := p.buf.Bytes()
	p.buf.Truncate(len(bytes.TrimRight(b, " ")))
}

// words cuts pieces where a line may break: each word keeps the blanks that follow it.
func words(l line) []piece {
	var ws []piece
	for _, p := range l {
		rest := p.text
		for rest != "" {
			end := strings.IndexByte(rest, ' ')
			if end < 0 {
				end = len(rest)
			}
			for end < len(rest) && rest[end] == ' ' {
				end++
			}
			ws = append(ws, piece{rest[:end], p.tone})
			rest = rest[end:]
		}
	}
	return ws
}
