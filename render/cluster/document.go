package cluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	maxSize  = 1 << 20 // bytes of a cluster file
	maxDepth = 16      // mappings and lists inside each other; the deepest key of the format is at 8

	byteOrderMark = '\ufeff'
)

const firstSteps = "a cluster file begins with the keys cluster, nodes, vrrp and services"

// document finds the one YAML mapping of the file, or reports why there is none that can be read.
func (r *report) document(data []byte) *yaml.Node {
	if at, m := unreadable(data); m != nil {
		r.addAt(at, "", *m)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) || (err == nil && isNull(doc.Content[0])) {
		r.add("", mistake{"use an empty file", "nothing but blanks and comments", "a cluster", firstSteps})
		return nil
	} else if err != nil {
		r.syntax(err)
		return nil
	}
	if err := decoder.Decode(&next); err == nil {
		r.addAt(place{next.Line, next.Column}, "", mistake{"use a file with several documents",
			"a second one", "one", "remove the line --- and what follows it"})
		return nil
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
		return nil
	}
	root := doc.Content[0]
	if before := len(r.found); !r.plain(root, 0) || len(r.found) > before {
		return nil
	}
	return root
}

// unreadable looks at the bytes before any parser does.
func unreadable(data []byte) (place, *mistake) {
	if len(data) > maxSize {
		return place{1, 1}, &mistake{"use a file of this size", fmt.Sprintf("%d bytes", len(data)), fmt.Sprintf("at most %d", maxSize), ""}
	}
	for i := 0; i < len(data); {
		c, size := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && size == 1 {
			return after(data[:i]), &mistake{"use a file that is not text", fmt.Sprintf("the byte 0x%02x", data[i]), "YAML in UTF-8",
				"iconv -t UTF-8 converts it, with -f ISO-8859-1 from Latin-1, with -f UTF-16 from UTF-16"}
		}
		if !inYAML(c) && !(i == 0 && c == byteOrderMark) {
			return after(data[:i]), &mistake{"use a file that is not text", fmt.Sprintf("the character %U", c), "YAML in UTF-8", ""}
		}
		i += size
	}
	return place{}, nil
}

// inYAML says whether YAML has the character: section 5.1 of YAML 1.2.2, without the byte order mark, which may only begin a file.
func inYAML(c rune) bool {
	return c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= '~' || c == 0x85 || c >= 0xa0 && c != byteOrderMark && c != 0xfffe && c != 0xffff
}

// after is where the character stands that follows this text.
func after(before []byte) place {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return place{1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(line)}
}

var yamlLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)

// syntax reports what the YAML parser says in its own words.
func (r *report) syntax(err error) {
	said, at := err.Error(), place{1, 1}
	if m := yamlLine.FindStringSubmatch(said); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		said = m[2]
	}
	hint := ""
	if strings.Contains(said, "cannot start any token") {
		hint = "indent with spaces; a value that begins with @, %, ` or a tab needs quotes"
	}
	r.addAt(at, "", mistake{"read the file", "broken YAML (" + said + ")", "valid YAML", hint})
}

// plain reports the parts of YAML that a cluster file does without: they make text that is hard to read, and
// anchors can make a small file enormous. It returns false where the nesting is too deep to go on.
func (r *report) plain(n *yaml.Node, depth int) bool {
	at := place{n.Line, n.Column}
	switch {
	case depth > maxDepth:
		r.addAt(at, "", mistake{"nest this deep", "more than " + strconv.Itoa(maxDepth) + " levels", "fewer", ""})
		return false
	case n.Kind == yaml.AliasNode:
		r.addAt(at, "", mistake{"use an alias", "*" + shorten(n.Value), "the value itself", "write the value out"})
	case n.Anchor != "":
		r.addAt(at, "", mistake{"use an anchor", "&" + shorten(n.Anchor), "the value alone", "write the value out where it is needed"})
	case n.Style&yaml.TaggedStyle != 0:
		r.addAt(at, "", mistake{"use a tag", shorten(n.Tag), "the value alone", "remove the tag"})
	}
	for _, child := range n.Content {
		if !r.plain(child, depth+1) {
			return false
		}
	}
	return true
}

func shorten(s string) string { return strings.Trim(quote(s), `"`) }

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }
