// Package health knows how to answer "is NAME healthy?" over HTTP on a unix socket that every user of the host may connect to,
// at no risk from those who do.
package health
