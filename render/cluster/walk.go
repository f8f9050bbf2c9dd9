package cluster

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// scalar is a raw type that a single YAML value fills.
type scalar interface{ read(n *yaml.Node) *mistake }

// alternative is a raw mapping that may also be written as a single word. It says whether it took the node.
type alternative interface{ instead(n *yaml.Node) bool }

// walker fills the raw types from YAML nodes, reports what does not fit, and remembers where everything was. The struct
// tags of the raw types say it all: yaml is the key; need:"yes" a key that must be there; default what an absent one
// means; one the words that are allowed; range the bounds of a number, of a duration, or of the length of a list.
type walker struct{ *report }

func (w walker) value(path string, n *yaml.Node, v reflect.Value, tag reflect.StructTag) {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if a, ok := v.Addr().Interface().(alternative); ok && a.instead(n) {
		return
	}
	switch s, isScalar := v.Addr().Interface().(scalar); {
	case isScalar:
		w.check(path, s.read(n))
		w.check(path, outside(v, tag))
	case v.Kind() == reflect.Struct:
		w.mapping(path, n, v)
	case v.Kind() == reflect.Map:
		w.entries(path, n, v)
	case v.Kind() == reflect.Slice:
		w.list(path, n, v, tag)
	default:
		w.check(path, simple(n, v, tag))
	}
}

func (w walker) check(path string, m *mistake) {
	if m != nil {
		w.add(path, *m)
	}
}

// mapping fills a struct: known keys only, each once, none missing.
func (w walker) mapping(path string, n *yaml.Node, v reflect.Value) {
	fields := fieldsOf(v.Type())
	if n.Kind != yaml.MappingNode {
		w.add(path, mistake{"read a mapping", show(n), "the keys " + oneOf(keysOf(fields)), ""})
		return
	}
	written := w.keys(path, n)
	for i, key := range written.names {
		known := false
		for _, f := range fields {
			if f.key == key {
				known = true
				w.value(join(path, key), written.values[i], v.Field(f.index), f.tag)
			}
		}
		if !known {
			w.addAt(placeOf(written.keyNodes[i]), join(path, key), mistake{"use this key", quote(key),
				oneOf(keysOf(fields)), didYouMean(key, keysOf(fields))})
		}
	}
	w.absent(path, fields, written.names, v)
}

// entries fills a map. Its keys are names of the file's own.
func (w walker) entries(path string, n *yaml.Node, v reflect.Value) {
	if n.Kind != yaml.MappingNode {
		w.add(path, mistake{"read a mapping", show(n), "names with their values", ""})
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	written := w.keys(path, n)
	for i, name := range written.names {
		key := reflect.New(v.Type().Key())
		if m := key.Interface().(scalar).read(written.keyNodes[i]); m != nil {
			w.addAt(placeOf(written.keyNodes[i]), path, *m)
		}
		element := reflect.New(v.Type().Elem()).Elem()
		w.value(join(path, name), written.values[i], element, "")
		v.SetMapIndex(key.Elem(), element)
	}
}

func (w walker) list(path string, n *yaml.Node, v reflect.Value, tag reflect.StructTag) {
	if n.Kind != yaml.SequenceNode {
		hint := ""
		if n.Kind == yaml.ScalarNode && !isNull(n) {
			hint = "put it in brackets: [" + shorten(n.Value) + "]"
		}
		w.add(path, mistake{"read a list", show(n), "a list", hint})
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, child := range n.Content {
		at := path + "[" + strconv.Itoa(i) + "]"
		w.places[at] = placeOf(child)
		w.value(at, child, v.Index(i), "")
	}
	w.check(path, outside(v, tag))
}

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

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_.:-]+$`)

// join extends a path by a key.
func join(path, key string) string {
	switch {
	case !plainKey.MatchString(key):
		return path + "[" + quote(key) + "]"
	case path == "":
		return key
	default:
		return path + "." + key
	}
}
