package cluster

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// property is a piece of JSON Schema.
type property = map[string]any

// described is a scalar that knows its piece of the schema.
type described interface{ describe() property }

// Schema returns the JSON Schema (draft 2020-12) of the cluster file, for editors. It comes from the same types that the
// parser fills, so it cannot forget a key. It knows nothing of contradictions between keys.
func Schema() ([]byte, error) {
	root := describe(reflect.TypeFor[rawCluster](), "")
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "lbsup cluster file"
	out, err := json.MarshalIndent(root, "", "  ")
	return append(out, '\n'), err
}

func describe(t reflect.Type, tag reflect.StructTag) property {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if d, ok := reflect.Zero(t).Interface().(described); ok {
		return d.describe()
	}
	switch t.Kind() {
	case reflect.Struct:
		return describeStruct(t)
	case reflect.Map:
		return property{"type": "object", "propertyNames": describe(t.Key(), ""), "additionalProperties": describe(t.Elem(), "")}
	case reflect.Slice:
		return bounded(property{"type": "array", "items": describe(t.Elem(), "")}, "minItems", "maxItems", tag)
	case reflect.Int:
		return bounded(property{"type": "integer"}, "minimum", "maximum", tag)
	case reflect.Bool:
		return property{"type": "boolean"}
	default:
		if words, limited := tag.Lookup("one"); limited {
			return property{"enum": strings.Split(words, "|")}
		}
		return property{"type": "string"}
	}
}

func describeStruct(t reflect.Type) property {
	properties, required := property{}, []string{}
	for _, f := range fieldsOf(t) {
		p := describe(f.kind, f.tag)
		p["description"] = f.tag.Get("doc")
		if def, ok := f.tag.Lookup("default"); ok {
			p["default"] = defaultValue(def, f.kind)
		}
		if f.tag.Get("need") != "" {
			required = append(required, f.key)
		}
		properties[f.key] = p
	}
	out := property{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		out["required"] = required
	}
	if a, ok := reflect.Zero(t).Interface().(interface{ alternatives() []any }); ok {
		return property{"oneOf": []property{{"enum": a.alternatives()}, out}}
	}
	return out
}

func bounded(p property, low, high string, tag reflect.StructTag) property {
	if from, to, limited := strings.Cut(tag.Get("range"), "-"); limited {
		p[low], p[high] = mustInt(from), mustInt(to)
	}
	return p
}

// defaultValue is a default as JSON has it.
func defaultValue(def string, t reflect.Type) any {
	switch t.Kind() {
	case reflect.Bool:
		return def == "true"
	case reflect.Int:
		number, _ := strconv.Atoi(def)
		return number
	default:
		return def
	}
}

func (s shape) describe() property {
	return property{"type": "string", "pattern": s.pattern.String()}
}
