package policy

import (
	"errors"

	"golang.org/x/sys/windows/registry"
)

// key is where Group Policy writes, which users cannot.
const key = `Software\Policies\Mailgrant`

func read(source string) (Policy, error) {
	if source != "" {
		return readFile(source)
	}
	var p Policy
	// The user's first: the machine's then replace them, value by value.
	for _, root := range []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE} {
		if err := p.take(root); err != nil {
			return Policy{}, err
		}
	}
	return p, nil
}

func (p *Policy) take(root registry.Key) error {
	k, err := registry.OpenKey(root, key, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &Error{key, err.Error()}
	}
	defer k.Close()
	for name, into := range map[string]*string{"ClientId": &p.ClientID, "Tenant": &p.Tenant, "Cloud": &p.Cloud, "Proxy": &p.Proxy} {
		value, _, err := k.GetStringValue(name)
		if err := noted(name, err); err != nil {
			return err
		} else if value != "" {
			*into = value
		}
	}
	for name, into := range map[string]*[]string{"SignInWays": &p.SignInWays, "TokenHosts": &p.TokenHosts} {
		value, _, err := k.GetStringsValue(name)
		if err := noted(name, err); err != nil {
			return err
		} else if len(value) > 0 {
			*into = value
		}
	}
	value, _, err := k.GetIntegerValue("NoSecretsOnDisk")
	if err == nil {
		p.NoSecretsOnDisk = value != 0
	}
	return noted("NoSecretsOnDisk", err)
}

// noted is the error of a value that is there and cannot be read.
func noted(name string, err error) error {
	if err == nil || errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	return &Error{name, err.Error()}
}
