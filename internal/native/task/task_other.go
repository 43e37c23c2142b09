//go:build !windows

package task

import "context"

const supported = false

func userName() (string, error) { return "", ErrUnsupported }

func scheduler(context.Context, ...string) error { return ErrUnsupported }
