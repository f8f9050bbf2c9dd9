package cluster

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

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
	case delay:
		if d := time.Duration(x); d > mustDuration(high) {
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
