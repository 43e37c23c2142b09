// Package practicetest starts practice tenants for tests.
package practicetest

import (
	"testing"

	"mailgrant/app/practice"
)

// Start starts a tenant, which closes with the test.
func Start(t *testing.T, o practice.Options) *practice.Tenant {
	t.Helper()
	tenant, err := practice.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tenant.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return tenant
}
