// Package apply knows how a cluster file becomes the installed configuration of both daemons, and how to get every
// earlier state back: it reads root-owned input, renders, stages, validates with the real daemons, commits, and keeps
// each attempt as a numbered generation.
//
// Engine is the writing side and runs as root; Store is the reading side for the unprivileged supervisor.
// Activating what was installed (reloading the daemons) and judging it is the supervisor's.
package apply
