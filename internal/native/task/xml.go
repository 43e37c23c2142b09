package task

import "encoding/xml"

// definition is the part of the task scheduler's schema that a renewal needs,
// in the schema's order.
type definition struct {
	XMLName      xml.Name `xml:"Task"`
	Version      string   `xml:"version,attr"`
	Namespace    string   `xml:"xmlns,attr"`
	Registration struct {
		Author      string
		Description string
	} `xml:"RegistrationInfo"`
	Trigger struct {
		Start   string `xml:"StartBoundary"`
		Enabled bool
		Delay   string `xml:"RandomDelay"`
		Week    struct {
			Days     struct{ Day []day } `xml:"DaysOfWeek"`
			Interval int                 `xml:"WeeksInterval"`
		} `xml:"ScheduleByWeek"`
	} `xml:"Triggers>CalendarTrigger"`
	Principal principal `xml:"Principals>Principal"`
	Settings  settings
	Actions   struct {
		Context   string `xml:"Context,attr"`
		Command   string `xml:"Exec>Command"`
		Arguments string `xml:"Exec>Arguments"`
	}
}

// day is an empty element with a weekday's name.
type day struct{ XMLName xml.Name }

type principal struct {
	ID    string `xml:"id,attr"`
	User  string `xml:"UserId"`
	Logon string `xml:"LogonType"`
	Level string `xml:"RunLevel"`
}

type settings struct {
	Instances       string `xml:"MultipleInstancesPolicy"`
	NotOnBatteries  bool   `xml:"DisallowStartIfOnBatteries"`
	StopOnBatteries bool   `xml:"StopIfGoingOnBatteries"`
	WhenAvailable   bool   `xml:"StartWhenAvailable"`
	OnlyWithNetwork bool   `xml:"RunOnlyIfNetworkAvailable"`
	Enabled         bool   `xml:"Enabled"`
	TimeLimit       string `xml:"ExecutionTimeLimit"`
	Restart         struct {
		Interval string
		Count    int
	} `xml:"RestartOnFailure"`
}
