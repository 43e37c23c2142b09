package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// protectFolder makes a folder that only SYSTEM, the administrators and the
// account itself may enter, or checks the one that is there: every user may
// create folders below ProgramData, also this one, beforehand.
func protectFolder(dir string) error {
	if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) {
		return createProtected(dir)
	}
	err := checkFolder(dir)
	if _, open := errors.AsType[*openFolder](err); !open {
		return err
	}
	// It is ours, made by an ordinary mkdir: what lies in it gets the new list too.
	list, err := accessList()
	if err != nil {
		return err
	}
	acl, _, err := list.DACL()
	if err == nil {
		err = windows.SetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT,
			windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, acl, nil)
	}
	if err != nil {
		return fmt.Errorf("%w: the access list of %s: %w", ErrKeyUnavailable, dir, err)
	}
	return checkFolder(dir)
}

func createProtected(dir string) error {
	list, err := accessList()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return writeError(dir, err)
	}
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	sa := &windows.SecurityAttributes{SecurityDescriptor: list}
	sa.Length = uint32(unsafe.Sizeof(*sa))
	if err := windows.CreateDirectory(name, sa); err != nil && !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return writeError(dir, &fs.PathError{Op: "mkdir", Path: dir, Err: err})
	}
	return checkFolder(dir) // another process may have been faster
}

// accessList is for SYSTEM (SY), the administrators (BA) and this account,
// inherited by all below (OICI) and by nothing from above (P).
func accessList() (*windows.SECURITY_DESCRIPTOR, error) {
	own, err := ownSID()
	if err != nil {
		return nil, err
	}
	list, err := windows.SecurityDescriptorFromString("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;" + own.String() + ")")
	if err != nil {
		return nil, fmt.Errorf("store: access list: %w", err)
	}
	return list, nil
}

func ownSID() (*windows.SID, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("store: own account: %w", err)
	}
	return user.User.Sid, nil
}

// openFolder is a folder of a trusted owner that others may enter.
type openFolder struct{ dir, sid string }

func (e *openFolder) Error() string {
	return fmt.Sprintf("%v: the folder %s is open to other users of this machine (%s)", ErrKeyUnavailable, e.dir, e.sid)
}

// Unwrap makes it a key that is not available: the machine's key protects
// nothing from those who may enter.
func (e *openFolder) Unwrap() error { return ErrKeyUnavailable }

// checkFolder accepts a folder whose owner is trusted and whose access list
// lets nobody else in.
func checkFolder(dir string) error {
	descriptor, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrKeyUnavailable, dir, err)
	}
	owner, _, err := descriptor.Owner()
	if err != nil || !trusted(owner) {
		return fmt.Errorf("%w: the folder %s belongs to somebody else; an administrator must remove it", ErrKeyUnavailable, dir)
	}
	list, _, err := descriptor.DACL()
	if err != nil || list == nil {
		return &openFolder{dir, "S-1-1-0"} // no list at all lets everyone in
	}
	own, err := ownSID()
	if err != nil {
		return err
	}
	var entries []entry
	for i := range uint32(list.AceCount) {
		var ace *windows.ACCESS_ALLOWED_ACE // those that deny have the same form
		if err := windows.GetAce(list, i, &ace); err != nil {
			return fmt.Errorf("store: access list: %w", err)
		}
		sid := (*windows.SID)(unsafe.Pointer(&ace.SidStart))
		entries = append(entries, entry{kind: ace.Header.AceType, sid: sid.String(), user: isUser(sid)})
	}
	if sid := stranger(entries, own.String()); sid != "" {
		return &openFolder{dir, sid}
	}
	return nil
}

// trusted owners are SYSTEM, the administrators and this account.
func trusted(owner *windows.SID) bool {
	own, err := ownSID()
	return err == nil && owner.Equals(own) ||
		owner.IsWellKnown(windows.WinLocalSystemSid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid)
}

// isUser tells a single account from a group. What cannot be looked up, such as
// an account of a domain that is out of reach, is none.
func isUser(sid *windows.SID) bool {
	_, _, kind, err := sid.LookupAccount("")
	return err == nil && kind == windows.SidTypeUser
}
