package state

import (
	"maps"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDraft(t *testing.T) {
	same := func(a, b map[string]int) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }
	published := map[string]int{"a": 1, "b": 2}
	before, m := maps.Clone(published), published
	d := draft[string, int]{of: &m}
	d.set("a", 1)
	if !same(m, published) {
		t.Error("copied for an entry that is what it was")
	}
	d.set("a", 3)
	copied := m
	d.set("c", 4)
	if same(m, published) || !same(m, copied) {
		t.Error("not copied once")
	}
	if diff := cmp.Diff(map[string]int{"a": 3, "b": 2, "c": 4}, m); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, published); diff != "" {
		t.Errorf("what was published has changed (-want +got):\n%s", diff)
	}
	var none map[string]int
	d = draft[string, int]{of: &none}
	d.set("a", 0)
	if diff := cmp.Diff(map[string]int{"a": 0}, none); diff != "" {
		t.Errorf("from nothing (-want +got):\n%s", diff)
	}
}
