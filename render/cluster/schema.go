package cluster

// property is a piece of JSON Schema.
type property = map[string]any

func (s shape) describe() property {
	return property{"type": "string", "pattern": s.pattern.String()}
}
