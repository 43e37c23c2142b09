package oauth

import (
	"testing"
	"time"
)

// FuzzDeviceCodes: whatever answers the question for a device code, there is
// one that can be used, or an error with a cause.
func FuzzDeviceCodes(f *testing.F) {
	for _, body := range []string{
		`{"device_code":"d","user_code":"u","verification_uri":"https://login.example/device","expires_in":900,"interval":5}`,
		`{"device_code":"d","user_code":"u","verification_url":"https://login.example/device"}`,
		`{"device_code":"d","user_code":"u","verification_uri":"https://login.example/device","expires_in":9223372036854775807,"interval":9223372036854775807}`,
		`{"device_code":"d","user_code":"u","verification_uri":"https://login.example/device","expires_in":-1,"interval":-1}`,
		`{"device_code":"d","user_code":"u","verification_uri":"javascript:alert(1)"}`,
		`null`, `[]`, `{}`, `{"device_code":{}}`, ``,
	} {
		f.Add([]byte(body))
	}
	d := newOffline().definition()
	f.Fuzz(func(t *testing.T, body []byte) {
		began := time.Now()
		da, err := readDeviceCode(d, body)
		if err != nil {
			mustBeNamed(t, err)
			return
		}
		if da.DeviceCode == "" || da.UserCode == "" || !secureURL(da.VerificationURI) {
			t.Errorf("no code that can be used: %+v", da)
		}
		if life := da.Expiry.Sub(began); life <= 0 || life > (maxLifetime+60)*time.Second {
			t.Errorf("it lives %s", life)
		}
		if da.Interval < 1 || da.Interval > maxInterval {
			t.Errorf("asked for every %d s", da.Interval)
		}
	})
}
