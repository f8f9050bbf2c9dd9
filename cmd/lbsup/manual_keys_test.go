package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// schema is as much of a JSON Schema as the manual needs.
type schema struct {
	Type        string            `json:"type"`
	Description string            `json:"description"`
	Properties  map[string]schema `json:"properties"`
	Items       *schema           `json:"items"`
	Others      json.RawMessage   `json:"additionalProperties"`
	Required    []string          `json:"required"`
	Pattern     string            `json:"pattern"`
	Enum        []any             `json:"enum"`
	Default     any               `json:"default"`
	Examples    []any             `json:"examples"`
	Minimum     *int              `json:"minimum"`
	Maximum     *int              `json:"maximum"`
	MinItems    *int              `json:"minItems"`
	MaxItems    *int              `json:"maxItems"`
	OneOf       []schema          `json:"oneOf"`
}

// keysPart lists every key of the cluster file.
func keysPart(t *testing.T, text []byte) string {
	var s schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	order := []string{"cluster", "nodes", "vrrp", "checks", "services", "stats", "status", "peers", "notify", "haproxy", "watch"}
	if len(order) != len(s.Properties) {
		t.Fatalf("the manual knows the sections %v; the schema has %v", order, slices.Sorted(maps.Keys(s.Properties)))
	}
	for _, name := range order {
		fmt.Fprintf(&b, ".SS %s\n", name)
		writeKey(&b, name, s.Properties[name], slices.Contains(s.Required, name))
	}
	return b.String()
}

// writeKey describes one key, then the keys below it.
func writeKey(b *strings.Builder, path string, s schema, required bool) {
	about := []string{kindOf(s)}
	if required {
		about = append(about, "required")
	}
	if s.Default != nil {
		about = append(about, fmt.Sprintf("default %v", s.Default))
	}
	text := upperFirst(s.Description)
	if len(s.Examples) > 0 {
		text += fmt.Sprintf(": one of %s, and others", words(s.Examples))
	}
	fmt.Fprintf(b, ".TP\n.BR %s \" (%s)\"\n%s.\n", roff(path), roff(strings.Join(about, ", ")), roff(text))
	below(b, path, s)
}

func below(b *strings.Builder, path string, s schema) {
	for _, one := range s.OneOf {
		below(b, path, one)
	}
	if s.Items != nil {
		below(b, path+"[]", *s.Items)
	}
	var others schema
	if json.Unmarshal(s.Others, &others) == nil {
		below(b, path+".NAME", others)
	}
	for _, required := range []bool{true, false} {
		for _, key := range slices.Sorted(maps.Keys(s.Properties)) {
			if slices.Contains(s.Required, key) == required {
				writeKey(b, path+"."+key, s.Properties[key], required)
			}
		}
	}
}

// kindOf says in words what a value must be.
func kindOf(s schema) string {
	switch {
	case len(s.OneOf) > 0:
		var kinds []string
		for _, one := range s.OneOf {
			kinds = append(kinds, kindOf(one))
		}
		return strings.Join(kinds, ", or ")
	case len(s.Enum) > 0:
		return words(s.Enum)
	case strings.Contains(s.Pattern, "ms|s|m|h"):
		return "time"
	case s.Type == "array":
		return "list" + bounds(s.MinItems, s.MaxItems, " of ")
	case s.Type == "object":
		return "mapping"
	case s.Type == "boolean":
		return "true or false"
	case s.Type == "integer":
		return "number" + bounds(s.Minimum, s.Maximum, " from ")
	default:
		return "text"
	}
}

func bounds(low, high *int, word string) string {
	if low == nil || high == nil {
		return ""
	}
	return fmt.Sprintf("%s%d to %d", word, *low, *high)
}

func words(values []any) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = fmt.Sprint(v)
	}
	if len(out) < 2 {
		return strings.Join(out, "")
	}
	return strings.Join(out[:len(out)-1], ", ") + " or " + out[len(out)-1]
}
