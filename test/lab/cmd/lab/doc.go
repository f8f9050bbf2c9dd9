// Command lab keeps a pair of load balancers running to play with: it builds one, leads into its hosts, and takes it down.
package main
