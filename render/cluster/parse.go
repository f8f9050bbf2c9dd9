package cluster

import "reflect"

// Parse reads a cluster file. It returns the cluster, or everything that is wrong with the file; never both. The
// name of the file only serves the problems.
func Parse(file string, data []byte) (*Cluster, Problems) {
	r := newReport(file, data)
	root := r.document(data)
	if root == nil {
		return nil, r.problems()
	}
	b := builder{report: r, cluster: &Cluster{}}
	r.places[""] = placeOf(root)
	walker{r}.value("", root, reflect.ValueOf(&b.raw).Elem(), "")
	b.build()
	if len(r.found) > 0 {
		return nil, r.problems()
	}
	return b.cluster, nil
}

// builder turns the raw file into a Cluster, section by section, and reports what contradicts something else. It also
// runs over a file in which the walker has found mistakes, so every value may be missing.
type builder struct {
	*report
	raw     rawCluster
	cluster *Cluster
}

// build goes through the sections so that each finds what it refers to.
func (b builder) build() {
	b.cluster.Name = string(b.raw.Cluster)
	b.cluster.Watch = b.raw.Watch
	b.nodes()
	b.haproxy()
	b.services()
	b.stats()
	b.binds()
	b.checks()
	b.vrrp()
}
