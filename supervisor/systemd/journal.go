package systemd

import (
	"fmt"
	"strings"

	"github.com/coreos/go-systemd/v22/journal"
)

// InJournal tells whether the journal takes what this process writes to its standard error, see JOURNAL_STREAM in
// systemd.exec(5).
func InJournal() bool {
	is, err := journal.StderrIsJournalStream()
	return is && err == nil
}

// fieldPrefix keeps our fields apart from those of others; see "User journal fields" in systemd.journal-fields(7).
const fieldPrefix = "LBSUP_"

// Journal writes one line to the journal with fields that journalctl can be asked for: kind is LBSUP_KIND there.
func Journal(line string, grave bool, fields map[string]string) error {
	priority := journal.PriNotice
	if grave {
		priority = journal.PriWarning
	}
	named := make(map[string]string, len(fields))
	for name, value := range fields {
		named[fieldPrefix+strings.ToUpper(name)] = value
	}
	if err := journal.Send(line, priority, named); err != nil {
		return fmt.Errorf("cannot write to the journal: %w", err)
	}
	return nil
}
