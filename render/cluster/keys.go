package cluster

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// written is a YAML mapping without its repeated keys.
type written struct {
	names            []string
	keyNodes, values []*yaml.Node
}

func (w walker) keys(path string, n *yaml.Node) (out written) {
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			w.addAt(placeOf(key), path, mistake{"use a key that is not a word", show(key), "a word", ""})
			continue
		}
		name := key.Value
		if first, twice := seen[name]; twice {
			w.addAt(placeOf(key), join(path, name), mistake{"use a key twice", fmt.Sprintf("%s on line %d too", quote(name), first),
				"it once", ""})
			continue
		}
		seen[name] = key.Line
		w.places[join(path, name)] = placeOfPair(key, value)
		out.names = append(out.names, name)
		out.keyNodes, out.values = append(out.keyNodes, key), append(out.values, value)
	}
	return out
}

func placeOf(n *yaml.Node) place { return place{n.Line, n.Column} }

// placeOfPair is the value where it begins on its own, and the key where the value only begins on a later line.
func placeOfPair(key, value *yaml.Node) place {
	if value.Line != key.Line {
		return placeOf(key)
	}
	return placeOf(value)
}

// join extends a path by a key.
func join(path, key string) string {
	switch {
	case key == "" || len(key) > maxShown || strings.ContainsFunc(key, unusual):
		return path + "[" + quote(key) + "]"
	case path == "":
		return key
	default:
		return path + "." + key
	}
}

// unusual is a character of a key that would make its path hard to read, or, as a dot does, the path of another key: a check may be called "web.http".
func unusual(r rune) bool {
	letter, digit := 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80, '0' <= r && r <= '9'
	return !letter && !digit && r != '_' && r != ':' && r != '-'
}
