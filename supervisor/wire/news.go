package wire

import (
	"slices"
	"time"
)

// Heartbeat is the time from one report to the next while there is no news: who follows wakes up for each.
const Heartbeat = time.Second

// account is what a follower has been told of the voices.
type account struct {
	turn int
	told map[voiceKey]entry
}

type entry struct {
	voice Voice
	turn  int // when it was last heard
}

// remembered is how many turns a voice is known after it was last heard. One that comes back later is news.
const remembered = 8

// news tells whether voices say anything that they did not say before, and takes them for told. That the firewall lets one pass is news; that none of
// them did is not, for the two ears are not in step.
func (a *account) news(voices map[voiceKey]Voice, passed map[voiceKey]bool) bool {
	a.turn++
	news := false
	for k, v := range voices {
		v.Passed = passed[k]
		before, known := a.told[k]
		news = news || !known || a.turn-before.turn > remembered || differ(before.voice, v)
		v.Passed = v.Passed || known && before.voice.Passed
		if !put(&a.told, k, entry{v, a.turn}, mostVoices) {
			a.told = nil // of a flood, all is news
		}
	}
	return news
}

func differ(before, now Voice) bool {
	return before.Priority != now.Priority || before.Interval != now.Interval || before.Hardware != now.Hardware ||
		now.Passed && !before.Passed || !slices.Equal(before.Addresses, now.Addresses)
}
