package haproxy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/render/haproxy"
)

// lists are HAProxy's lists of values by their numbers.
type lists map[int][]string

// listed asks for the lists of one condition: how many there are is how many values it had when HAProxy started.
func (c Changer) listed(ctx context.Context, first int) (lists, error) {
	text, err := ask(ctx, c.Runtime.Socket, "show acl", statLimit)
	if err != nil {
		return nil, err
	}
	found, numbers := lists{}, []int{}
	var commands []string
	for _, n := range listNumbers(text) {
		if n >= first && n < first+haproxy.Patterns {
			numbers, commands = append(numbers, n), append(commands, fmt.Sprintf("show acl #%d", n))
		}
	}
	if len(numbers) == 0 {
		return nil, fmt.Errorf("cannot change a condition at run time: HAProxy has no list with a number from %d on", first)
	}
	if text, err = ask(ctx, c.Runtime.Socket, strings.Join(commands, ";"), statLimit); err != nil {
		return nil, err
	}
	for i, values := range listValues(text, len(numbers)) {
		found[numbers[i]] = values
	}
	return found, nil
}

// listNumbers reads the answer to "show acl": a line for each list, which begins with its number.
func listNumbers(text string) (numbers []int) {
	for line := range strings.SplitSeq(text, "\n") {
		word, _, _ := strings.Cut(line, " ")
		if n, err := strconv.Atoi(word); err == nil {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// listValues reads the answers to some "show acl #N" in a row: a value a line behind where it is in memory, and an empty line at the end
// of each list.
func listValues(text string, count int) [][]string {
	all, at := make([][]string, count), 0
	for line := range strings.SplitSeq(text, "\n") {
		if at == count {
			break
		}
		if _, value, found := strings.Cut(line, " "); found {
			all[at] = append(all[at], value)
		} else if line == "" {
			at++
		}
	}
	return all
}

// values are those of all lists, sorted, each once.
func (l lists) values() []string {
	return slices.Compact(slices.Sorted(func(yield func(string) bool) {
		for _, list := range l {
			for _, v := range list {
				if !yield(v) {
					return
				}
			}
		}
	}))
}

// prepareLists writes the commands that lead from the values that HAProxy has to those that are wanted: what comes stands before what
// goes, so that no request falls in between.
func (c Changer) prepareLists(ctx context.Context, s *script) error {
	for _, first := range slices.Sorted(maps.Keys(s.patterns)) {
		found, err := c.listed(ctx, first)
		if err != nil {
			return err
		}
		numbers := slices.Sorted(maps.Keys(found))
		for _, v := range s.patterns[first] {
			if !slices.Contains(found.values(), v) {
				if err := s.list("add", numbers[0], v); err != nil {
					return err
				}
			}
		}
		for _, n := range numbers {
			for _, v := range slices.Compact(slices.Sorted(slices.Values(found[n]))) {
				if !slices.Contains(s.patterns[first], v) {
					if err := s.list("del", n, v); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// list writes a command about a value of a list.
func (s *script) list(verb string, number int, value string) error {
	if value == "" || strings.Trim(value, safe) != "" {
		return fmt.Errorf("cannot change a condition at run time: %q is no word for HAProxy's runtime API", value)
	}
	s.commands = append(s.commands, fmt.Sprintf("%s acl #%d %s", verb, number, value))
	return nil
}

func (c Changer) wrongList(ctx context.Context, s *script) (string, error) {
	for _, first := range slices.Sorted(maps.Keys(s.patterns)) {
		found, err := c.listed(ctx, first)
		if err != nil {
			return "", err
		}
		want := slices.Compact(slices.Sorted(slices.Values(s.patterns[first])))
		if got := found.values(); !slices.Equal(got, want) {
			return fmt.Sprintf("the condition with number %d has the values %q, not %q", first, got, want), nil
		}
	}
	return "", nil
}
