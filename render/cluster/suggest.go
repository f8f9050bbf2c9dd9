package cluster

import (
	"slices"
	"strconv"
	"strings"
)

// maxShown is how much of a text from the file a message repeats.
const maxShown = 60

// quote shows a text from the file, shortened.
func quote(s string) string {
	if runes := []rune(s); len(runes) > maxShown {
		s = string(runes[:maxShown]) + "…"
	}
	return strconv.Quote(s)
}

// oneOf lists what may stand in a place: "a", "a or b", "a, b or c".
func oneOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// didYouMean is a hint with the known word that is nearest to an unknown one, or nothing when none is near.
func didYouMean(word string, known []string) string {
	best, nearest := len(word)/3+2, ""
	for _, k := range known {
		d := distance(strings.ToLower(word), strings.ToLower(k), best+1)
		if d < len(k) && (d < best || d == best && k < nearest) {
			best, nearest = d, k
		}
	}
	if nearest == "" {
		return ""
	}
	return "did you mean " + quote(nearest) + "?"
}

// near is didYouMean where the known words may be thousands: a file with a hundred mistakes gets no more of it.
func (r *report) near(word string, known []string) string {
	if len(r.found) > maxListed {
		return ""
	}
	return didYouMean(word, known)
}

// some keeps a list in a message short.
func some(words []string) []string {
	if len(words) > 12 {
		return append(slices.Clone(words[:12]), "another one")
	}
	return words
}

// distance counts the bytes to insert, delete or replace to get from a to b. It gives up at limit.
func distance(a, b string, limit int) int {
	if len(a) > maxShown || len(b) > maxShown || len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
