package report

import (
	"fmt"
	"strings"
)

// Splice puts text between the two markers of a benchmark in a page.
func Splice(page, name, text string) (string, error) {
	begin, end := fmt.Sprintf("<!-- bench:%s -->", name), fmt.Sprintf("<!-- /bench:%s -->", name)
	before, rest, ok := strings.Cut(page, begin)
	if !ok {
		return "", fmt.Errorf("cannot find %q in the page", begin)
	}
	_, after, ok := strings.Cut(rest, end)
	if !ok {
		return "", fmt.Errorf("cannot find %q after %q in the page", end, begin)
	}
	return before + begin + "\n" + strings.TrimSpace(text) + "\n" + end + after, nil
}
