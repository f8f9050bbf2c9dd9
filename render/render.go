// Package render holds what its renderers share: a rendered file, a note about what was left out, and the paths
// that both configurations and the programs of lbsup agree on.
package render

// Note tells a person about something that the installed version made the renderer leave out or do another way.
type Note struct {
	Where string // in the words of the cluster file, such as "services.api-server.check"
	Text  string
}

func (n Note) String() string { return n.Where + ": " + n.Text }
