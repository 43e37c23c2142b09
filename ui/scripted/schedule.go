package scripted

import (
	"context"
	"sync/atomic"
)

// Schedule is a presenter.Schedule in memory.
type Schedule struct {
	On    atomic.Bool
	Wrong atomic.Value // error with which every call fails
}

func (s *Schedule) wrong() error {
	err, _ := s.Wrong.Load().(error)
	return err
}

func (s *Schedule) Installed(context.Context) (bool, error) { return s.On.Load(), s.wrong() }

func (s *Schedule) Install(context.Context) error { return s.set(true) }

func (s *Schedule) Remove(context.Context) error { return s.set(false) }

func (s *Schedule) set(on bool) error {
	if err := s.wrong(); err != nil {
		return err
	}
	s.On.Store(on)
	return nil
}
