package monitor

import "strings"

// mostPRTG is the longest text of a sensor, in characters (PRTG manual,
// "Custom Sensors").
const mostPRTG = 2000

// channel is one value of a sensor. The limits are those with which PRTG
// creates the channel; the administrator may change them there.
type channel struct {
	Channel    string   `json:"channel"`
	Value      int64    `json:"value"`
	Unit       string   `json:"unit"`
	CustomUnit string   `json:"customunit,omitempty"`
	LimitMode  int      `json:"limitmode,omitempty"`
	MaxWarning *float64 `json:"limitmaxwarning,omitempty"`
	MaxError   *float64 `json:"limitmaxerror,omitempty"`
	MinWarning *float64 `json:"limitminwarning,omitempty"`
	MinError   *float64 `json:"limitminerror,omitempty"`
}

// prtg writes the JSON of an EXE/Script Advanced sensor. The state is a
// channel with limits, because a sensor that reports an error has no values.
func (r *Run) prtg() []byte {
	channels := []channel{{
		Channel: "Status", Value: int64(severity[r.Level()]), Unit: "Custom", CustomUnit: "level", LimitMode: 1, MaxWarning: new(0.5), MaxError: new(1.5),
	}}
	text := r.summary()
	if !r.All && len(r.Checks) == 1 {
		c := r.Checks[0]
		text = c.Name + ": " + r.state(c)
		channels = append(channels, r.channels(c)...)
	} else {
		for _, l := range Levels {
			channels = append(channels, channel{Channel: "Mailboxes " + l.String(), Value: int64(r.count(l)), Unit: "Count"})
		}
		if days, ok := r.earliest(); ok {
			channels = append(channels, r.daysChannel("Earliest end", days))
		}
		channels = append(channels, channel{Channel: "Run", Value: r.Took.Milliseconds(), Unit: "TimeResponse"})
		for _, c := range r.bad() {
			text += " · " + c.Name + ": " + c.Problem
		}
	}
	return encode(prtgJSON{prtgBody{Result: channels, Text: prtgText(text)}})
}

func (r *Run) channels(c *Check) []channel {
	var all []channel
	for p, res := range c.Protocols() {
		if res.State.Works() {
			all = append(all, channel{Channel: p.Title(), Value: res.MS, Unit: "TimeResponse"})
		}
	}
	if days, ok := r.authorizationDays(c); ok {
		all = append(all, r.daysChannel("Authorization", days))
	}
	if days, ok := r.days(c.Secret.Ends); ok {
		all = append(all, r.daysChannel("Client "+c.SecretKind(), days))
	}
	return all
}

func (r *Run) daysChannel(name string, days int) channel {
	return channel{
		Channel: name, Value: int64(days), Unit: "Custom", CustomUnit: "days", LimitMode: 1,
		MinWarning: new(float64(r.Limits.Warning)), MinError: new(float64(r.Limits.Critical)),
	}
}

type (
	prtgJSON struct {
		PRTG prtgBody `json:"prtg"`
	}
	prtgBody struct {
		Result []channel `json:"result,omitempty"`
		Error  int       `json:"error,omitempty"`
		Text   string    `json:"text"`
	}
)

// prtgText has no "#", which PRTG's message does not take.
func prtgText(text string) string {
	runes := []rune(strings.ReplaceAll(oneLine(text), "#", ""))
	if len(runes) > mostPRTG {
		runes = append(runes[:mostPRTG-1], '…')
	}
	return string(runes)
}
