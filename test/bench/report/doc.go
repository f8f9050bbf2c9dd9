// Package report knows how the numbers of the benchmarks are shown: as a table in a terminal, as Markdown, as a plot, and beside what the planner promises. It is
// pure: rows in, text out.
package report
