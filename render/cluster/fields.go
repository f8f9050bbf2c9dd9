package cluster

import (
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"
)

// field is one key of a raw struct.
type field struct {
	index int
	key   string
	tag   reflect.StructTag
	kind  reflect.Type
}

// fieldsOf lists the keys of a raw struct in the order in which they are declared.
func fieldsOf(t reflect.Type) (out []field) {
	for i := range t.NumField() {
		f := t.Field(i)
		if key := f.Tag.Get("yaml"); key != "" {
			out = append(out, field{i, key, f.Tag, f.Type})
		}
	}
	return out
}

// keyList names the keys of a mapping for a message.
func keyList(fields []field) string {
	if len(fields) == 1 {
		return "the key " + fields[0].key
	}
	return "the keys " + oneOf(keysOf(fields))
}

func keysOf(fields []field) (out []string) {
	for _, f := range fields {
		out = append(out, f.key)
	}
	return out
}

// absent gives the keys that were not written their defaults, and reports those that have none and are needed.
func (w walker) absent(path string, fields []field, written []string, v reflect.Value) {
	for _, f := range fields {
		if slices.Contains(written, f.key) {
			continue
		}
		if def, ok := f.tag.Lookup("default"); ok {
			w.value(join(path, f.key), defaultNode(def, f.kind), v.Field(f.index), f.tag)
		} else if f.tag.Get("need") != "" {
			w.add(path, mistake{"do without " + f.key, "no such key", f.tag.Get("doc"), ""})
		} else if f.kind.Kind() == reflect.Struct {
			w.fill(join(path, f.key), v.Field(f.index))
		}
	}
}

// defaultNode is what a default would be if it had been written. Text needs its tag, lest "1.2" be a number.
func defaultNode(def string, t reflect.Type) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: def}
	if t.Kind() == reflect.String {
		n.Tag = "!!str"
	}
	return n
}

// fill gives a mapping that was not written at all the defaults of its keys.
func (w walker) fill(path string, v reflect.Value) {
	if _, isScalar := v.Addr().Interface().(scalar); !isScalar {
		w.absent(path, fieldsOf(v.Type()), nil, v)
	}
}

// filled is a raw mapping that consists of defaults.
func filled[T any]() (out T) {
	walker{newReport("", nil)}.fill("", reflect.ValueOf(&out).Elem())
	return out
}
