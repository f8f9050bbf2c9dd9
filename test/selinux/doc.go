// Package selinux tests what the SELinux module grants, where its labels go, and that a rule too many or too few is seen.
package selinux
