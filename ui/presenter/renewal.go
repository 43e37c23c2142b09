package presenter

import (
	"context"
	"time"
)

// scheduleTime is long enough for a slow task scheduler.
const scheduleTime = 20 * time.Second

// Schedule is the weekly renewal in the system's task scheduler.
type Schedule interface {
	Installed(context.Context) (bool, error)
	Install(context.Context) error
	Remove(context.Context) error
}

// Renewal is what is known about the weekly renewal.
type Renewal struct {
	Known bool   // the scheduler has answered
	On    bool   // the task exists
	Busy  bool   // the scheduler is being asked
	Wrong string // why that failed, in the scheduler's words
}

// AskRenewal finds out whether the weekly renewal exists.
func (p *Presenter) AskRenewal() { p.schedule(nil) }

// SwitchRenewal makes or removes the weekly renewal.
func (p *Presenter) SwitchRenewal(on bool) {
	if on {
		p.schedule(p.c.Schedule.Install)
		return
	}
	p.schedule(p.c.Schedule.Remove)
}

// schedule makes a change, if there is one, and then asks how things are. One
// question at a time: another is dropped while the scheduler is busy.
func (p *Presenter) schedule(change func(context.Context) error) {
	if p.c.Schedule == nil || p.renewal.Busy {
		return
	}
	p.renewal.Busy, p.renewal.Wrong = true, ""
	p.render()
	ask := p.c.Schedule.Installed
	p.Beside(func() func() {
		ctx, cancel := context.WithTimeout(context.Background(), scheduleTime)
		defer cancel()
		var r Renewal
		var err error
		if change != nil {
			err = change(ctx)
		}
		on, asked := ask(ctx)
		r.Known, r.On = asked == nil, on
		if err == nil {
			err = asked
		}
		if err != nil {
			r.Wrong = p.inShort(err)
		}
		return func() { p.renewal = r }
	})
}
