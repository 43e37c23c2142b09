package diagnosis

import "strings"

// commandOf returns the PowerShell line that mends a cause, or looks at what
// it is about. Every value is quoted: it may come from somebody else's file.
func commandOf(c Cause, phase Phase, e Evidence) string {
	mailbox := quote(firstOf(e.SharedMailbox, e.Sender, e.User), "mailbox")
	user := quote(firstOf(e.User, e.Account), "user")
	client := quote(e.ClientID, "application id")
	switch c {
	case CauseEXOProtocolDisabledMailbox:
		return "Set-CASMailbox -Identity " + mailbox + protocolSwitches(phase)
	case CauseEXOSMTPAuthDisabledMailbox, CauseEXOSMTPAuthDisabledTenant:
		return "Set-CASMailbox -Identity " + mailbox + " -SmtpClientAuthenticationDisabled $false"
	case CauseEXOMailboxPermissionMissing:
		return "Add-MailboxPermission -Identity " + mailbox + " -User " + delegate(e, user) + " -AccessRights FullAccess"
	case CauseSharedMailboxSMTPUser, CauseSendAsDenied:
		return "Add-RecipientPermission -Identity " + mailbox + " -Trustee " + user + " -AccessRights SendAs -Confirm:$false"
	case CauseEXOServicePrincipalMissing:
		return "New-ServicePrincipal -AppId " + client + " -ObjectId " + quote("", "object id under Enterprise applications")
	case CauseEXOServicePrincipalWrongObjectID:
		return "Get-ServicePrincipal | Where-Object AppId -eq " + client + " | Format-List DisplayName,AppId,ObjectId"
	case CauseMailboxMissingOrUnlicensed:
		return "Get-EXOMailbox -Identity " + mailbox
	case CauseEXOAuthPolicyBlock:
		return "Get-User -Identity " + mailbox + " | Format-List AuthenticationPolicy"
	case CauseUPNDiffersFromAddress:
		return "Get-User -Identity " + mailbox + " | Format-List UserPrincipalName,WindowsEmailAddress"
	}
	return ""
}

func protocolSwitches(phase Phase) string {
	switch phase {
	case PhaseIMAP:
		return " -ImapEnabled $true"
	case PhasePOP3:
		return " -PopEnabled $true"
	}
	return " -ImapEnabled $true -PopEnabled $true"
}

// delegate is who needs access: the application itself, if no user signs in.
func delegate(e Evidence, user string) string {
	if c := e.Claims; c != nil && c.IDType == "app" {
		return quote("", "object id under Enterprise applications")
	}
	return user
}

// quote makes a PowerShell string of a value that nothing in it can leave:
// PowerShell takes the typographic quotes for the plain one, so all of them
// are doubled; line breaks and other controls have no place in an address.
// An unknown value becomes a description of what to put there.
func quote(value, what string) string {
	if value == "" {
		return "'<" + what + ">'"
	}
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range value {
		switch {
		case r < ' ', r == 0x7f, r == '\u2028', r == '\u2029', r == '\u0085':
			continue
		case r == '\'', r >= '\u2018' && r <= '\u201b':
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}
