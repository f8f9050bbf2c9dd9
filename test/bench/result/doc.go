// Package result knows the numbers of a benchmark: how they are summed up, and how they lie in a file, one JSON object a line.
package result
