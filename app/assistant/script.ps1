#Requires -Version 5.1
#@ intro
[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]
param()
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
#@ values
$tenant = %tenant%
$clientId = %client%
$name = %name%
$audience = %audience%
$redirects = @(%redirects%)
$webRedirects = @(%web-redirects%)
$permissions = @(%permissions%)
$mailbox = %mailbox%
$user = %user%
$exchange = '00000002-0000-0ff1-ce00-000000000000'
$graph = '00000003-0000-0000-c000-000000000000'
#@ connect
foreach ($module in @('Microsoft.Graph.Applications', 'Microsoft.Graph.Identity.SignIns', 'ExchangeOnlineManagement')) {
    if (-not (Get-Module -ListAvailable -Name $module)) {
        throw "The module $module is missing. Run: Install-Module $module -Scope CurrentUser"
    }
}
Connect-MgGraph -TenantId $tenant -Environment %graph-environment% -Scopes @(%graph-scopes%) -NoWelcome
Connect-ExchangeOnline -ExchangeEnvironmentName %exchange-environment% -ShowBanner:$false
#@ registration
$app = $null
if ($clientId) {
    $app = Get-MgApplication -Filter ("appId eq '{0}'" -f $clientId)
    if (-not $app) { throw "There is no app registration with the application ID $clientId in this tenant." }
} else {
    $found = @(Get-MgApplication -Filter %name-filter%)
    if ($found.Count -gt 1) { throw "There are several app registrations named $name. Enter the application ID in Mailgrant and copy the script again." }
    if ($found.Count -eq 1) { $app = $found[0] }
}
if (-not $app -and $PSCmdlet.ShouldProcess($name, 'Create the app registration')) {
    $app = New-MgApplication -DisplayName $name -SignInAudience $audience -PublicClient @{ RedirectUris = $redirects } -Web @{ RedirectUris = $webRedirects }
}
if ($app) {
    $missing = @($redirects | Where-Object { $app.PublicClient.RedirectUris -notcontains $_ })
    if ($missing.Count -gt 0 -and $PSCmdlet.ShouldProcess($app.DisplayName, "Add the redirect URI $missing (mobile and desktop)")) {
        Update-MgApplication -ApplicationId $app.Id -PublicClient @{ RedirectUris = @($app.PublicClient.RedirectUris | Where-Object { $_ }) + $missing }
    }
    $missing = @($webRedirects | Where-Object { $app.Web.RedirectUris -notcontains $_ })
    if ($missing.Count -gt 0 -and $PSCmdlet.ShouldProcess($app.DisplayName, "Add the redirect URI $missing (web)")) {
        Update-MgApplication -ApplicationId $app.Id -Web @{ RedirectUris = @($app.Web.RedirectUris | Where-Object { $_ }) + $missing }
    }
}
$principal = $null
if ($app) {
    $principal = Get-MgServicePrincipal -Filter ("appId eq '{0}'" -f $app.AppId)
    if (-not $principal -and $PSCmdlet.ShouldProcess($app.DisplayName, 'Create the enterprise application')) {
        $principal = New-MgServicePrincipal -AppId $app.AppId
    }
}
#@ permissions user
$wanted = @{ $exchange = $permissions; $graph = @('openid', 'profile', 'email', 'offline_access') }
foreach ($api in $wanted.Keys) {
    if (-not $principal) { continue }
    $resource = Get-MgServicePrincipal -Filter ("appId eq '{0}'" -f $api)
    $grant = Get-MgServicePrincipalOauth2PermissionGrant -ServicePrincipalId $principal.Id -All |
        Where-Object { $_.ResourceId -eq $resource.Id -and $_.ConsentType -eq 'AllPrincipals' } | Select-Object -First 1
    $granted = @()
    if ($grant) { $granted = @($grant.Scope.Trim() -split ' ') }
    $missing = @($wanted[$api] | Where-Object { $granted -notcontains $_ })
    if ($missing.Count -eq 0) { continue }
    if (-not $PSCmdlet.ShouldProcess($app.DisplayName, "Consent for the organization: $missing ($($resource.DisplayName))")) { continue }
    $scope = ($granted + $missing) -join ' '
    if ($grant) {
        Update-MgOauth2PermissionGrant -OAuth2PermissionGrantId $grant.Id -Scope $scope
    } else {
        $null = New-MgOauth2PermissionGrant -ClientId $principal.Id -ConsentType 'AllPrincipals' -ResourceId $resource.Id -Scope $scope
    }
}
#@ app-permissions application
$user = $name
$known = $null
if ($principal) {
    $resource = Get-MgServicePrincipal -Filter ("appId eq '{0}'" -f $exchange)
    $assigned = @(Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All | Where-Object { $_.ResourceId -eq $resource.Id })
    foreach ($permission in $permissions) {
        $role = $resource.AppRoles | Where-Object { $_.Value -eq $permission } | Select-Object -First 1
        if (-not $role) { Write-Warning "Office 365 Exchange Online does not offer the permission $permission here."; continue }
        if (@($assigned | Where-Object { $_.AppRoleId -eq $role.Id }).Count -gt 0) { continue }
        if ($PSCmdlet.ShouldProcess($app.DisplayName, "Grant the application permission $permission")) {
            $null = New-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -PrincipalId $principal.Id -ResourceId $resource.Id -AppRoleId $role.Id
        }
    }
    $known = Get-ServicePrincipal | Where-Object { $_.AppId -eq $app.AppId } | Select-Object -First 1
    if (-not $known -and $PSCmdlet.ShouldProcess($app.DisplayName, 'Make the application known to Exchange Online')) {
        $known = New-ServicePrincipal -AppId $app.AppId -ObjectId $principal.Id -DisplayName $app.DisplayName
    }
}
if ($known) {
    $user = $known.ObjectId
} elseif (-not $WhatIfPreference) {
    $user = $null
    Write-Warning 'Without its entry in Exchange Online the application gets no rights on the mailbox.'
}
#@ mail-apps
$cas = Get-CASMailbox -Identity $mailbox
#@ - imap
if (-not $cas.ImapEnabled -and $PSCmdlet.ShouldProcess($mailbox, 'Switch IMAP on')) {
    Set-CASMailbox -Identity $mailbox -ImapEnabled $true
}
#@ - pop3
if (-not $cas.PopEnabled -and $PSCmdlet.ShouldProcess($mailbox, 'Switch POP on')) {
    Set-CASMailbox -Identity $mailbox -PopEnabled $true
}
#@ smtp-auth smtp
$sender = %sender-mailbox%
$cas = Get-CASMailbox -Identity $sender
if ($cas.SmtpClientAuthenticationDisabled -ne $false -and $PSCmdlet.ShouldProcess($sender, 'Switch authenticated SMTP on')) {
    Set-CASMailbox -Identity $sender -SmtpClientAuthenticationDisabled $false
}
#@ rights delegate
$rights = @(Get-MailboxPermission -Identity $mailbox | Where-Object { $_.User -eq $user -and $_.AccessRights -contains 'FullAccess' -and -not $_.Deny })
if ($user -and $rights.Count -eq 0 -and $PSCmdlet.ShouldProcess($mailbox, "Grant full access to $user")) {
    $null = Add-MailboxPermission -Identity $mailbox -User $user -AccessRights FullAccess -Confirm:$false
}
#@ send-as delegate-smtp
$rights = @(Get-RecipientPermission -Identity $mailbox | Where-Object { $_.Trustee -eq $user -and $_.AccessRights -contains 'SendAs' })
if ($user -and $rights.Count -eq 0 -and $PSCmdlet.ShouldProcess($mailbox, "Grant send as to $user")) {
    $null = Add-RecipientPermission -Identity $mailbox -Trustee $user -AccessRights SendAs -Confirm:$false
}
#@ result
if ($app) { Write-Output "Application (client) ID: $($app.AppId)" }
Write-Output "Directory (tenant) ID: $((Get-MgContext).TenantId)"
