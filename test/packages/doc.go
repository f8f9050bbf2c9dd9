// Package packages knows what a person with nothing but the packages meets: its tests build them from the source archive, twice, look into them, and
// install, upgrade, downgrade and erase them on hosts that boot.
package packages
