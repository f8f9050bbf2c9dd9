package result

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummary(t *testing.T) {
	inf := math.Inf(1)
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[i] = float64(100 - i)
	}
	for _, row := range []struct {
		name             string
		values           []float64
		median, p99, max Number
	}{
		{name: "nothing was measured"},
		{"one value is all three", []float64{7}, 7, 7, 7},
		{"an even number has its median in the middle", []float64{4, 1, 3, 2}, 2.5, 4, 4},
		{"an odd number has it at a value", []float64{9, 1, 5}, 5, 9, 9},
		{"of a hundred values the 99th is the p99", hundred, 50.5, 99, 100},
		{"never is longer than everything", []float64{1, inf, 2}, 2, Never(), Never()},
		{"mostly never", []float64{1, inf, inf}, Never(), Never(), Never()},
		{"half of them never", []float64{1, inf}, Never(), Never(), Never()},
	} {
		t.Run(row.name, func(t *testing.T) {
			before := append([]float64(nil), row.values...)
			got := Summary(Row{Case: "x"}, row.values)
			if got.N != len(row.values) || got.Median != row.median || got.P99 != row.p99 || got.Max != row.max || got.Case != "x" {
				t.Errorf("got %+v", got)
			}
			if diff := cmp.Diff(before, row.values); diff != "" {
				t.Errorf("the values themselves changed (-want +got):\n%s", diff)
			}
			for i, v := range row.values {
				if float64(got.Raw[i]) != v {
					t.Errorf("raw value %d is %v, want %v: the order is that of the runs", i, got.Raw[i], v)
				}
			}
		})
	}
}

func TestSame(t *testing.T) {
	row := Row{Bench: "b", Subject: "s", Case: "c", Unit: "u", N: 3}
	for _, other := range []struct {
		name string
		row  Row
		want bool
	}{
		{"other values", Row{Bench: "b", Subject: "s", Case: "c", Unit: "u", N: 9}, true},
		{"another bench", Row{Bench: "x", Subject: "s", Case: "c", Unit: "u"}, false},
		{"another subject", Row{Bench: "b", Subject: "x", Case: "c", Unit: "u"}, false},
		{"another case", Row{Bench: "b", Subject: "s", Case: "x", Unit: "u"}, false},
		{"another unit", Row{Bench: "b", Subject: "s", Case: "c", Unit: "x"}, false},
	} {
		if got := row.same(other.row); got != other.want {
			t.Errorf("%s: got %v", other.name, got)
		}
	}
}
