// Package control knows the control socket: what the command line may ask of the supervisor, and who may ask it.
package control
