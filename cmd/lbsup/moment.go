package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// moment reads a time as a person says it: how long ago, a time of day, or a day with or without a time. It returns the
// span that is meant, from one moment to the last before the next: 02:13 is a minute, 02:13:07 a second. A time of day
// that is still to come is yesterday's.
func moment(text string, now time.Time) (from, to time.Time, err error) {
	text = strings.TrimSpace(text)
	if ago, ok := duration(text); ok {
		from = now.Add(-ago)
		return from, from.Add(time.Second - 1), nil
	}
	for _, form := range []struct {
		layout string
		length time.Duration
		today  bool
	}{
		{"15:04", time.Minute, true},
		{"15:04:05", time.Second, true},
		{"2006-01-02", 24 * time.Hour, false},
		{"2006-01-02 15:04", time.Minute, false},
		{"2006-01-02 15:04:05", time.Second, false},
		{time.RFC3339, time.Second, false},
	} {
		t, err := time.ParseInLocation(form.layout, text, now.Location())
		if err != nil {
			continue
		}
		if form.today {
			t = onDay(t, now)
		}
		return t, t.Add(form.length - 1), nil
	}
	return from, to, fmt.Errorf("got %q, want how long ago, as 90s, 1h or 7d, or a time, as 02:13, 02:13:07 or 2026-01-02 02:13", text)
}

func onDay(clock, now time.Time) time.Time {
	t := time.Date(now.Year(), now.Month(), now.Day(), clock.Hour(), clock.Minute(), clock.Second(), 0, now.Location())
	if t.After(now) {
		t = t.AddDate(0, 0, -1)
	}
	return t
}

// duration also knows days, which time.ParseDuration does not.
func duration(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		return time.Duration(n) * 24 * time.Hour, err == nil && n >= 0 && n <= 36500
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}
