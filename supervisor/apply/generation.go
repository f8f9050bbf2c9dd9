package apply

import "time"

// The files of a generation, in the directory that bears its number.
const (
	manifestName   = "manifest.json"
	clusterName    = "lbsup.yaml"
	haproxyName    = "haproxy.cfg"
	keepalivedName = "keepalived.conf"
	foundPrefix    = "found-"        // an installed file as somebody else left it
	writtenPrefix  = "hand-written-" // a copy of a HAProxy file that lbsup does not write
)

// Beside the generations.
const (
	currentName = "current" // symbolic link to the number of what is installed
	journalName = "journal.json"
	reportName  = "report.json"
)

// Manifest says everything about a generation but its contents. It holds no secrets, and no digest of keepalived.conf
// either: a password of eight characters could be guessed from it.
type Manifest struct {
	Number   int       `json:"number"`
	Created  time.Time `json:"created"`
	Request  string    `json:"request"`
	Origin   string    `json:"origin"` // "cluster file", "found" or "generation N"
	Node     string    `json:"node,omitempty"`
	Outcome  Outcome   `json:"outcome"` // Committed or Rejected
	Stage    Stage     `json:"stage,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
	Words    string    `json:"words,omitempty"`
	Notes    []string  `json:"notes,omitempty"`
	Files    []File    `json:"files,omitempty"`
	Supplies []Supply  `json:"supplies,omitempty"`
	Inputs   []Input   `json:"inputs,omitempty"`
	Bytes    int64     `json:"bytes"` // what the generation takes on the disk
}

// Where a generation comes from, beside another generation.
const (
	OriginClusterFile = "cluster file" // as it was when it was applied
	OriginFound       = "found"        // on the disk, from before lbsup came
)

// FileState says what a generation does with an installed file.
type FileState string

// The states of an installed file.
const (
	FileInstalled   FileState = "installed"
	FileAbsent      FileState = "absent"       // there is none
	FileHandWritten FileState = "hand-written" // not lbsup's: never written, never removed
)

// File is one installed file.
type File struct {
	Name    string    `json:"name"`
	Path    string    `json:"path"`
	State   FileState `json:"state"`
	Changed bool      `json:"changed"`         // it differed from what was installed before
	Since   int       `json:"since,omitempty"` // the generation that its content came with, which may be forgotten by now
	Came    time.Time `json:"came,omitzero"`   // and when that was
	Identity
	Digest string `json:"digest,omitempty"` // what HAProxy shows of itself when it runs this
}

// Supply is a file that HAProxy loads beside its configuration: a certificate, or a hand-written configuration.
type Supply struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"`
	Digest string `json:"sha256,omitempty"` // of a certificate's whole file; what is hand-written may hold passwords, see Manifest
	Copy   string `json:"copy,omitempty"`   // of what is hand-written, in the generation
	Since  int    `json:"since,omitempty"`  // the generation that the content of what is hand-written came with

	Fingerprint string    `json:"fingerprint,omitempty"` // SHA-256 of the certificate alone, as clients show it
	Ends        time.Time `json:"ends,omitzero"`         // when the certificate expires
}

// same says whether HAProxy would load the same.
func (s Supply) same(o Supply) bool {
	return s.Path == o.Path && s.Kind == o.Kind && s.Digest == o.Digest && s.Copy == o.Copy
}

// Digest is what a HAProxy worker that runs this generation shows; empty when nobody can tell.
func (m Manifest) Digest() string { return m.file(haproxyName).Digest }

func (m Manifest) file(name string) File {
	for _, f := range m.Files {
		if f.Name == name {
			return f
		}
	}
	return File{Name: name, State: FileAbsent}
}
