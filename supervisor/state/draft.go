package state

// draft is one map of the State in the making that many entries of may change in a turn: it is copied once, and only if one does.
type draft[K, V comparable] struct {
	of     *map[K]V
	copied bool
}

func (d *draft[K, V]) set(k K, v V) {
	have, known := (*d.of)[k]
	switch {
	case known && have == v:
	case d.copied:
		(*d.of)[k] = v
	default:
		*d.of, d.copied = with(*d.of, k, v), true
	}
}
