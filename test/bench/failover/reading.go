package failover

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/test/bench/result"
)

func (r Reading) String() string {
	var parts []string
	for _, quantity := range slices.SortedFunc(maps.Keys(r), Quantity.compare) {
		value := result.Number(r[quantity])
		name := map[Quantity]string{Outage: "silent ", Takeover: "moved in "}[quantity]
		switch {
		case value.IsNever():
			parts = append(parts, name+"never")
		case quantity.Unit == result.Milliseconds:
			parts = append(parts, fmt.Sprintf("%s%.0f ms", name, float64(value)))
		default:
			parts = append(parts, fmt.Sprintf("%.0f %s", float64(value), quantity.Unit))
		}
	}
	return strings.Join(parts, ", ")
}
