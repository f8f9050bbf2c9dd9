package status

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Programs read the JSON form, so its keys are added and never changed: a line that vanishes from the golden file breaks
// somebody's script.
func TestJSONKeys(t *testing.T) {
	golden(t, "json-keys", func(w io.Writer) error {
		for _, one := range []struct {
			name string
			of   any
		}{{"status", filled[Snapshot]()}, {"plan", filled[Plan]()}, {"failover", filled[Failover]()}, {"history", filled[[]Entry]()}, {"events", filled[Moment]()}, {"why", filled[Account]()}} {
			text, err := json.Marshal(one.of)
			if err != nil {
				return err
			}
			var value any
			if err := json.Unmarshal(text, &value); err != nil {
				return err
			}
			for _, key := range keysOf(value, "") {
				_, _ = fmt.Fprintln(w, one.name, strings.TrimPrefix(key, "."))
			}
		}
		return nil
	})
}

// keysOf lists the paths of all values that hold no others.
func keysOf(value any, path string) (keys []string) {
	switch v := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			keys = append(keys, keysOf(v[key], path+"."+key)...)
		}
	case []any:
		for _, one := range v {
			keys = append(keys, keysOf(one, path+"[]")...)
		}
	default:
		keys = []string{fmt.Sprintf("%s %T", path, v)}
	}
	return keys
}

// filled makes a value with something in every place, so that no key is left out.
func filled[T any]() T {
	var v T
	fill(reflect.ValueOf(&v).Elem())
	return v
}

func fill(v reflect.Value) {
	if v.Type() == reflect.TypeOf(now) {
		v.Set(reflect.ValueOf(now))
		return
	}
	switch v.Kind() {
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Float64:
		v.SetFloat(1)
	default:
		panic("cannot fill a " + v.Kind().String())
	}
}
