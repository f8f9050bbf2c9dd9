package cluster

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// simple fills a plain Go string, int or bool.
func simple(n *yaml.Node, v reflect.Value, tag reflect.StructTag) *mistake {
	switch v.Kind() {
	case reflect.Int:
		if number, err := strconv.Atoi(n.Value); err == nil && n.Kind == yaml.ScalarNode && n.ShortTag() == "!!int" {
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
	case n.ShortTag() == "!!bool":
		return "the switch " + shorten(n.Value)
	default:
		return quote(n.Value)
	}
}

// outside checks the range tag against a number, a duration, or the length of a list.
func outside(v reflect.Value, tag reflect.StructTag) *mistake {
	low, high, limited := strings.Cut(tag.Get("range"), "-")
	if !limited {
		return nil
	}
	switch x := v.Interface().(type) {
	case duration:
		if d := time.Duration(x); d != 0 && (d < mustDuration(low) || d > mustDuration(high)) {
			return &mistake{"use this time", brief(d), span(low, high), ""}
		}
	case int:
		if x < mustInt(low) || x > mustInt(high) {
			return &mistake{"use this number", strconv.Itoa(x), span(low, high), ""}
		}
	default:
		if v.Kind() == reflect.Slice && (v.Len() < mustInt(low) || v.Len() > mustInt(high)) {
			return &mistake{"use a list of this length", counted(v.Len()), span(low, high) + " entries", ""}
		}
	}
	return nil
}

func span(low, high string) string {
	if mustInt(high) == mustInt(low)+1 {
		return low + " or " + high
	}
	return low + " to " + high
}

func counted(n int) string {
	switch n {
	case 0:
		return "an empty list"
	case 1:
		return "1 entry"
	default:
		return strconv.Itoa(n) + " entries"
	}
}

func upTo(tag reflect.StructTag) int {
	_, high, _ := strings.Cut(tag.Get("range"), "-")
	return mustInt(high)
}

func within(tag reflect.StructTag) string {
	if low, high, limited := strings.Cut(tag.Get("range"), "-"); limited {
		return ", " + span(low, high)
	}
	return ""
}

// mustInt and mustDuration read the bounds in struct tags; a test reads every tag, so a wrong one does not ship.
func mustInt(s string) int { n, _ := strconv.Atoi(s); return n }

func mustDuration(s string) time.Duration { d, _ := time.ParseDuration(s); return d }
