package doctor

// remedy is what helps: a command that mends, and one that only shows more, where a person has to decide. Either may be empty.
type remedy struct {
	fix, see string
	safe     bool // the fix may be run by doctor itself
}

func fix(command string) remedy    { return remedy{fix: command} }
func safely(command string) remedy { return remedy{fix: command, safe: true} }
func see(command string) remedy    { return remedy{see: command} }

// or adds a command that shows more.
func (r remedy) or(see string) remedy { r.see = see; return r }
