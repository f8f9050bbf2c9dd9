// Package trackfile knows how to tell keepalived a number: one file for each VRRP instance, whose content is added to the
// instance's priority (vrrp_track_file with weight 1, keepalived.conf(5)).
package trackfile
