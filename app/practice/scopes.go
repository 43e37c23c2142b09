package practice

import (
	"slices"
	"strings"
)

// The resources a token can be for. A permission without a resource belongs
// to Microsoft Graph, whose tokens Exchange's mail protocols refuse.
const (
	resourceOutlook   = "https://outlook.office.com"
	resourceOffice365 = "https://outlook.office365.com"
	resourceGraph     = "https://graph.microsoft.com"
	graphAppID        = "00000003-0000-0000-c000-000000000000" // the audience of Graph tokens
)

const (
	permIMAP = "IMAP.AccessAsUser.All"
	permPOP  = "POP.AccessAsUser.All"
	permSMTP = "SMTP.Send"
)

// permissions are those both resources know.
var permissions = []string{permIMAP, permPOP, permSMTP}

// scopeSet is a scope parameter taken apart.
type scopeSet struct {
	openID    []string // openid, profile, email, offline_access, as asked
	resources []string // in the order asked
	perms     map[string][]string
}

// within reports whether all resources of a set are among the granted ones.
// Exchange's two names are one resource.
func (s scopeSet) within(granted scopeSet) bool {
	for _, resource := range s.resources {
		if !slices.ContainsFunc(granted.resources, func(g string) bool { return g == resource || forMail(g) && forMail(resource) }) {
			return false
		}
	}
	return true
}

func (s scopeSet) has(openID string) bool { return slices.Contains(s.openID, openID) }

// parseScopes checks what is asked for. Names are compared without case.
func parseScopes(scope, appName string) (scopeSet, *aadError) {
	set := scopeSet{perms: map[string][]string{}}
	for _, s := range strings.Fields(scope) {
		if slices.Contains([]string{"openid", "profile", "email", "offline_access"}, strings.ToLower(s)) {
			set.openID = append(set.openID, strings.ToLower(s))
			continue
		}
		resource, perm, aerr := splitScope(s)
		if aerr != nil {
			return set, aerr
		}
		granted, ok := permission(perm)
		if !ok {
			return set, aad(650053, appName, perm, audience(resource))
		}
		if !slices.Contains(set.resources, resource) {
			set.resources = append(set.resources, resource)
		}
		set.perms[resource] = append(set.perms[resource], granted...)
	}
	return set, nil
}

func splitScope(s string) (resource, perm string, aerr *aadError) {
	i := strings.LastIndex(s, "/")
	if i < 0 {
		return resourceGraph, s, nil
	}
	resource, perm = strings.ToLower(s[:i]), s[i+1:]
	switch resource {
	case resourceOutlook, resourceOffice365, resourceGraph:
		return resource, perm, nil
	}
	if !strings.Contains(resource, "://") {
		return "", "", aad(70011, s)
	}
	return "", "", aad(500011, s[:i])
}

func permission(name string) ([]string, bool) {
	if strings.EqualFold(name, ".default") {
		return permissions, true
	}
	for _, p := range append([]string{"User.Read", "Mail.Read"}, permissions...) {
		if strings.EqualFold(p, name) {
			return []string{p}, true
		}
	}
	return nil, false
}

// audience is the aud claim of a resource's tokens.
func audience(resource string) string {
	if resource == resourceGraph {
		return graphAppID
	}
	return resource
}

// qualified puts the resource before each permission, as token answers do.
func qualified(resource string, perms []string) []string {
	full := make([]string, len(perms))
	for i, p := range perms {
		full[i] = resource + "/" + p
	}
	return full
}
