package status

// Outcomes lists the ways in which a change can end.
func Outcomes() []Outcome {
	return []Outcome{Live, Unconfirmed, Unchanged, Refused, RolledBack, TakenBack, Broken}
}
