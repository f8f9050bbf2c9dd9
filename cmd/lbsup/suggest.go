package main

import "fmt"

// didYouMean is a hint with the known word that is nearest to the given one, or nothing when none is near.
func didYouMean(word string, known []string) string {
	best, nearest := len(word)/3+2, ""
	for _, k := range known {
		if d := edits(word, k); d < best {
			best, nearest = d, k
		}
	}
	if nearest == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %s?", nearest)
}

// edits counts the letters to insert, delete, replace, or swap with their neighbour, to get from a to b. Swapped
// letters are the commonest slip of the fingers: see the "optimal string alignment" distance.
func edits(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
