// Command browser is the scripted browser of the window's tests: it opens the
// address it is given as the account in the file that $MAILGRANT_WINDOW_ACCOUNT
// names. It is a program because Windows starts no scripts as browsers.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	if err := open(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func open(address string) error {
	data, err := os.ReadFile(os.Getenv("MAILGRANT_WINDOW_ACCOUNT"))
	if err != nil {
		return err
	}
	account := strings.TrimSpace(string(data))
	switch account {
	case "nobody": // looks at nothing
		return nil
	case "broken":
		return fmt.Errorf("does not start")
	}
	c := &http.Client{Timeout: time.Minute, Transport: &http.Transport{}} // no proxy
	page, err := next(c, address)
	if err != nil {
		return err
	}
	response, err := c.Get(page + "&practice_user=" + account)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// next is where the address leads to: the sign-in page.
func next(c *http.Client, address string) (string, error) {
	stay := *c
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := stay.Get(address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	location, err := response.Location()
	if err != nil {
		return "", fmt.Errorf("%s: %w", response.Status, err)
	}
	return location.String(), nil
}
