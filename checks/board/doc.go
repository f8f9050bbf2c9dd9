// Package board knows the newest verdict of every check and answers who asks, however many ask at once.
package board
