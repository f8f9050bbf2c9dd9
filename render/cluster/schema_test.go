package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

func schema(t *testing.T) map[string]any {
	t.Helper()
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSchemaIsTheSameEveryTime(t *testing.T) {
	first, _ := Schema()
	for range 5 {
		if again, err := Schema(); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("the schema changed from one call to the next (%v)", err)
		}
	}
	if !bytes.HasSuffix(first, []byte("}\n")) {
		t.Error("the schema does not end in one line break")
	}
}

func TestGoodFilesConformToTheSchema(t *testing.T) {
	files := clusterFiles(t)
	files["everything.yaml"] = readFile(t, "testdata/everything.yaml")
	files["smallest.yaml"] = []byte(smallest)
	for name, data := range files {
		if faults := faults(schema(t), document(t, data), ""); len(faults) > 0 {
			t.Errorf("%s: %q", name, faults)
		}
	}
}

// What the schema refuses is never a good file, and it refuses all that a misspelt or missing key can be.
func TestBadFilesAndTheSchema(t *testing.T) {
	for _, name := range []string{"unknown-key", "unknown-top-key", "missing-keys", "missing-everything", "wrong-types", "nothing",
		"number-as-text", "no-nodes", "many-vips", "router-id-range", "auth-type", "service-names", "balance", "server-numbers",
		"interface-names", "instance-name", "version", "check-range", "tls", "tls-more", "vip-without-prefix"} {
		if len(faults(schema(t), document(t, readFile(t, "testdata/bad/"+name+".yaml")), "")) == 0 {
			t.Errorf("%s: the schema has no objection", name)
		}
	}
}

// Every key says what it is, and no two tags contradict each other.
func TestEveryKeyIsDescribed(t *testing.T) {
	keys := 0
	var look func(t reflect.Type)
	look = func(typ reflect.Type) {
		switch {
		case typ.Kind() == reflect.Struct && typ.PkgPath() == reflect.TypeFor[rawCluster]().PkgPath():
			if _, isScalar := reflect.New(typ).Interface().(scalar); isScalar {
				return
			}
			for _, f := range fieldsOf(typ) {
				keys++
				if f.tag.Get("doc") == "" {
					t.Errorf("%s.%s says nothing about itself", typ.Name(), f.key)
				}
				if _, hasDefault := f.tag.Lookup("default"); hasDefault && f.tag.Get("need") != "" {
					t.Errorf("%s.%s has a default and is needed, too", typ.Name(), f.key)
				}
				look(f.kind)
			}
		case typ.Kind() == reflect.Pointer, typ.Kind() == reflect.Slice, typ.Kind() == reflect.Map:
			look(typ.Elem())
		}
	}
	look(reflect.TypeFor[rawCluster]())
	if keys < 80 {
		t.Errorf("only %d keys were found", keys)
	}
}

func document(t *testing.T, data []byte) any {
	t.Helper()
	var out any
	if err := yaml.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// faults is as much of a JSON Schema validator as the schema needs.
func faults(s map[string]any, value any, path string) (out []string) {
	say := func(format string, args ...any) { out = append(out, path+": "+fmt.Sprintf(format, args...)) }
	if options, ok := s["oneOf"].([]any); ok {
		fits := slices.ContainsFunc(options, func(o any) bool { return len(faults(o.(map[string]any), value, path)) == 0 })
		if !fits {
			say("none of the alternatives")
		}
		return out
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, value) {
		say("%v is none of %v", value, enum)
	}
	switch v := value.(type) {
	case map[string]any:
		return append(out, faultsOfObject(s, v, path)...)
	case []any:
		if s["type"] != "array" {
			say("a list")
			return out
		}
		if low, ok := s["minItems"].(float64); ok && (float64(len(v)) < low || float64(len(v)) > s["maxItems"].(float64)) {
			say("%d items", len(v))
		}
		for i, item := range v {
			out = append(out, faults(s["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case string:
		if pattern, ok := s["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(v) {
			say("%q does not match %s", v, pattern)
		}
		if s["type"] != "string" && s["enum"] == nil {
			say("text")
		}
	case int:
		if low, ok := s["minimum"].(float64); s["type"] != "integer" || ok && (float64(v) < low || float64(v) > s["maximum"].(float64)) {
			say("%d", v)
		}
	case bool:
		if s["type"] != "boolean" && s["enum"] == nil {
			say("a switch")
		}
	default:
		say("%T", value)
	}
	return out
}

func faultsOfObject(s, v map[string]any, path string) (out []string) {
	if s["type"] != "object" {
		return []string{path + ": a mapping"}
	}
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			out = append(out, path+": no "+key.(string))
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for key, item := range v {
		p, known := properties[key].(map[string]any)
		if !known {
			p, known = s["additionalProperties"].(map[string]any)
			names, _ := s["propertyNames"].(map[string]any)
			out = append(out, faults(names, key, path)...)
		}
		if !known {
			out = append(out, path+": unknown "+key)
			continue
		}
		out = append(out, faults(p, item, filepath.Join(path, key))...)
	}
	return out
}
