// Package reload measures what a change costs: requests and connections lost while HAProxy is reloaded under load, the time from saving a cluster file
// until what is new answers, and what planning a change takes.
package reload
