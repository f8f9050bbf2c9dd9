package cluster

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// statusCode is an HTTP status.
type statusCode int

func (s *statusCode) read(n *yaml.Node) *mistake {
	number, ok := wholeNumber(n)
	if !ok || number < 100 || number > 599 {
		return &mistake{"read a status code", show(n), "a number from 100 to 599", ""}
	}
	*s = statusCode(number)
	return nil
}

func (statusCode) describe() property {
	return property{"type": "integer", "minimum": 100, "maximum": 599}
}

func statusCodes(in []statusCode) (out []int) {
	for _, s := range in {
		out = append(out, int(s))
	}
	return out
}

func (b builder) statuses(path string, codes []int) {
	seen := once[int]{}
	for i, code := range codes {
		if _, again := seen.repeated(code, path); again && code != 0 {
			b.add(fmt.Sprintf("%s[%d]", path, i), mistake{"use a status code twice", fmt.Sprint(code), "each once", ""})
		}
	}
}
