package result

import (
	"bytes"
	"encoding/json"
	"math"
)

// Number is a measured value. Infinite is what never came within the time that was waited for it; JSON has no such number, so there it is null.
type Number float64

// Never is the value of what did not happen.
func Never() Number { return Number(math.Inf(1)) }

// IsNever says whether it did not happen.
func (n Number) IsNever() bool { return math.IsInf(float64(n), 1) }

// MarshalJSON writes three decimals: a microsecond of a millisecond, and more than a shared machine can tell.
func (n Number) MarshalJSON() ([]byte, error) {
	if n.IsNever() {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(n)*1000) / 1000)
}

// UnmarshalJSON reads null as never.
func (n *Number) UnmarshalJSON(text []byte) error {
	if bytes.Equal(text, []byte("null")) {
		*n = Never()
		return nil
	}
	var f float64
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	*n = Number(f)
	return nil
}
