package cluster

import (
	"fmt"
	"reflect"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// scalar is a raw type that a single YAML value fills.
type scalar interface{ read(n *yaml.Node) *mistake }

// alternative is a raw mapping that may also be written as a single word. It says whether it took the node.
type alternative interface {
	instead(n *yaml.Node) bool
	alternatives() []any
}

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
		if m := outside(v, tag); m != nil {
			w.add(path, *m)
			v.SetZero() // nothing is to be compared with it
		}
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
		want := keyList(fields)
		if a, ok := v.Addr().Interface().(alternative); ok {
			want += ", or " + fmt.Sprint(a.alternatives()[0])
		}
		w.add(path, mistake{"read a mapping", show(n), want, ""})
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
	if m := outside(v, tag); m != nil {
		w.add(path, *m)
		v.Set(v.Slice(0, min(v.Len(), upTo(tag)))) // the rest of the work is bounded by what is allowed
	}
}
