//go:build bench

package main

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"mailgrant/app/authorization"
	"mailgrant/oauth"
)

// signIn measures the two waits of a person who signs in: from the button to
// the address, and from the answer to the result, the sign-in service being a
// round trip away.
func (l *lab) signIn() error {
	const roundTrip, rounds = 50 * time.Millisecond, 9
	base, err := url.Parse(l.d.OAuth.Authority)
	if err != nil {
		return err
	}
	to, err := strconv.Atoi(base.Port())
	if err != nil {
		return err
	}
	port, stop, err := slowLine(to, roundTrip)
	if err != nil {
		return err
	}
	defer stop()
	d := l.d.Clone()
	d.OAuth.Authority = fmt.Sprintf("http://127.0.0.1:%d", port)
	var toAddress, toResult []time.Duration
	for range rounds {
		begin := time.Now()
		var address, answer time.Time
		_, err := l.manager.Request(l.ctx, d, authorization.Options{Opener: unhurried{}, OnEvent: func(e oauth.Event) {
			switch e.(type) {
			case oauth.SignInStarted:
				address = time.Now()
			case oauth.AnswerTaken:
				answer = time.Now()
			}
		}})
		if err != nil {
			return err
		}
		toAddress, toResult = append(toAddress, address.Sub(begin)), append(toResult, time.Since(answer))
	}
	fmt.Printf("\nSign-in, %d ms round trip (median of %d)\n", roundTrip.Milliseconds(), rounds)
	address, result := middle(toAddress), middle(toResult)
	fmt.Printf("  %-38s %9.1f ms  %6.1f round trips\n", "button to address (without TLS)", ms(address), float64(address)/float64(roundTrip))
	fmt.Printf("  %-38s %9.1f ms  %6.1f round trips\n", "answer to result", ms(result), float64(result)/float64(roundTrip))
	return nil
}
