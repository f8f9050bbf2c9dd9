package cluster

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// simple fills a plain Go string, int or bool.
func simple(n *yaml.Node, v reflect.Value, tag reflect.StructTag) *mistake {
	switch v.Kind() {
	case reflect.Int:
		if number, ok := wholeNumber(n); ok {
			v.SetInt(int64(number))
			return outside(v, tag)
		}
		return &mistake{"read a number", show(n), "a whole number" + within(tag), ""}
	case reflect.Bool:
		if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!bool" {
			v.SetBool(strings.EqualFold(n.Value, "true"))
			return nil
		}
		return &mistake{"read a switch", show(n), "true or false", ""}
	default:
		return word(n, v, tag)
	}
}

// wholeNumber takes numbers in one notation only: 010 is eight to some readers of YAML and ten to others.
func wholeNumber(n *yaml.Node) (int, bool) {
	number, err := strconv.Atoi(n.Value)
	return number, err == nil && strconv.Itoa(number) == n.Value && n.ShortTag() == "!!int"
}

// word fills a string, which may have to be one of a few.
func word(n *yaml.Node, v reflect.Value, tag reflect.StructTag) *mistake {
	words, limited := tag.Lookup("one")
	allowed := strings.Split(words, "|")
	noun, want := "a text", "text"
	if limited {
		noun, want = "a word", oneOf(allowed)
	}
	text, m := textOf(n, noun, want)
	if m != nil {
		if limited && slices.Contains(allowed, n.Value) {
			m.hint = "put it in quotes: " + quote(n.Value)
		}
		return m
	}
	if limited && !slices.Contains(allowed, text) {
		return &mistake{"use this word", quote(text), want, didYouMean(text, allowed)}
	}
	v.SetString(text)
	return nil
}

// textOf is the text of a node. Control characters are refused everywhere: what is read here ends in lines of other
// programs' configuration, where a line break would begin a new directive.
func textOf(n *yaml.Node, noun, want string) (string, *mistake) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		return "", &mistake{"read " + noun, show(n), want, ""}
	}
	if at := strings.IndexFunc(n.Value, unicode.IsControl); at >= 0 {
		r := []rune(n.Value[at:])[0]
		return "", &mistake{"read " + noun, fmt.Sprintf("the control character %U", r), want, "text is one line without control characters"}
	}
	return n.Value, nil
}

// show says what a node is, for a message.
func show(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "nothing"
	case n.ShortTag() == "!!int" || n.ShortTag() == "!!float":
		return "the number " + shorten(n.Value)
	case n.ShortTag() == "!!timestamp":
		return "the date " + shorten(n.Value)
	case n.ShortTag() == "!!bool":
		return "the switch " + shorten(n.Value)
	default:
		return quote(n.Value)
	}
}
