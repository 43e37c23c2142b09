package diagnosis

import "testing"

// TestEntrasSentencesWithoutTheirNumber: people quote the sentence and leave the
// number out. Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
func TestEntrasSentencesWithoutTheirNumber(t *testing.T) {
	checkDocumented(t, PhaseToken, Microsoft, []documented{
		means("The resource principal named https://outlook.office.com was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant", "resource-not-found-in-tenant"),
		means("The user account {EUII Hidden} does not exist in the contoso.test directory. To sign into this application, the account must be added to the directory.", "user-not-found"),
		means("The account is locked, you've tried to sign in too many times with an incorrect user ID or password.", "user-account-locked"),
		means("Sign-in was blocked because it came from an IP address with malicious activity.", "sign-in-from-bad-ip"),
		means("The password is expired.", "user-password-expired"),
		means("The user account is disabled.", "user-account-disabled"),
		means("Session information is not sufficient for single-sign-on.", "interactive-sign-in-needed"),
		means("A silent sign-in request was sent but no user is signed in.", "interactive-sign-in-needed"),
		means("No tenant-identifying information found in either the request or implied by any provided credentials.", "tenant-specific-endpoint-needed", "tenant-not-found"),
		means("Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication to access.", "mfa-enrollment-required"),
		means("Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access.", "mfa-required"),
		means("Strong Authentication is required.", "mfa-required"),
		means("The signed in user is not assigned to a role for the application.", "user-not-assigned-to-app"),
		means("Your administrator has configured the application to block users unless they are specifically granted (assigned) access to the application.", "user-not-assigned-to-app"),
		means("Error validating credentials due to invalid username or password.", "password-wrong", "password-grant-not-possible"),
		means("The provided grant has expired due to it being revoked, a fresh auth token is needed.", "refresh-token-revoked"),
		means("The user might have changed or reset their password.", "refresh-token-revoked"),
		means("Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps", "tenant-specific-endpoint-needed"),
		means("Device is not in required device state: compliant.", "device-compliance-required"),
		means("The device is required to be managed to access this resource.", "device-compliance-required"),
		means("Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.", "conditional-access-block", "device-compliance-required"),
		means("OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.", "auth-code-expired-or-reused"),
		means("The user or administrator has not consented to use the application with ID. Send an interactive authorization request for this user and resource.", "consent-missing"),
		means("User declined to consent to access the app.", "user-declined-consent"),
		means("The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.", "refresh-token-expired", "auth-code-expired-or-reused"),
		means("The provided value for the input parameter 'scope' isn't valid.", "scope-invalid", "scope-default-required"),
		means("The refresh token has expired or is invalid due to sign-in frequency checks by conditional access.", "refresh-token-sign-in-frequency"),
		means("Tenant 'contoso' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", "tenant-not-found", "tenant-in-national-cloud"),
		means("Admin consent is required.", "admin-consent-required"),
		means("Need admin approval. This app requires your admin's approval to access resources in your organization.", "admin-consent-required"),
		means("Application with identifier was not found in the directory 'Contoso'.", "app-not-found-in-tenant"),
		means("The input parameter scope isn't valid because it contains more than one resource.", "scope-multiple-resources"),
		means("Client is public so neither 'client_assertion' nor 'client_secret' should be presented.", "client-secret-sent-by-public-client"),
		means("Client assertion contains an invalid signature.", "client-certificate-invalid"),
		means("The refresh token has expired due to inactivity. The token was issued on 2026-01-01 and was inactive for 90.00:00:00.", CauseRefreshTokenExpired),
		means("Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app.", "client-secret-invalid"),
		means("The request body must contain the following parameter: 'client_assertion' or 'client_secret'.", "client-secret-missing", "public-client-flow-disabled"),
		means("The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app.", "client-secret-expired"),
		means("The redirect URI specified in the request does not match the redirect URIs configured for the application.", "redirect-uri-mismatch"),
		means("The reply URL specified in the request does not match the reply URLs configured for the application.", "redirect-uri-mismatch"),
		means("No reply address is registered for the application.", "redirect-uri-mismatch"),
		means("Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.", "oauth-request-invalid", "redirect-uri-registered-as-spa"),
		means("Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests.", "redirect-uri-registered-as-spa"),
		means("The Code_Verifier does not match the code_challenge supplied in the authorization request.", "pkce-verifier-mismatch"),
		means("The provided request must include a 'response_type' input parameter.", "oauth-request-invalid"),
		means("response_type 'id_token' is not enabled for the application.", "implicit-id-token-not-enabled"),
		means("The endpoint only accepts POST requests. Received a GET request.", "oauth-request-invalid", "wrong-oauth-endpoint"),
		means("User account from identity provider 'live.com' does not exist in tenant 'Contoso' and cannot access the application in that tenant.", "app-audience-excludes-personal-accounts", "user-not-in-tenant"),
		means("Access to 'contoso' tenant is denied.", "tenant-restriction-proxy", "cross-tenant-access-policy"),
		means("The cross tenant access settings of the resource tenant do not allow the user to access the app.", "cross-tenant-access-policy"),
		means("The grant type isn't supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.", "tenant-specific-endpoint-needed"),
		means("Application is disabled.", "app-disabled"),
		means("Your device is required to be managed to access this resource.", "device-compliance-required"),
		means("User blocked due to risk on home tenant.", "user-risk-blocked"),
		means("The client does not exist or is not enabled for consumers.", "app-audience-excludes-personal-accounts", "app-not-found-in-tenant"),
		means("The tenant for tenant guid does not exist.", "tenant-not-found"),
		means("Please use the /consumers endpoint.", "personal-account-needs-consumers-authority"),
		means("Single-sign-on failed: Authentication Agent unable to connect to Active Directory.", "on-premises-auth-agent-problem"),
	})
}

// TestGermanFrenchAndSpanishSentences: the sign-in service speaks the language of
// the browser.
func TestGermanFrenchAndSpanishSentences(t *testing.T) {
	checkDocumented(t, PhaseAuthorize, Microsoft, []documented{
		means("Die Anwendung mit dem Bezeichner wurde im Verzeichnis \"Contoso\" nicht gefunden.", "app-not-found-in-tenant"),
		means("Der Benutzer oder Administrator hat der Verwendung der Anwendung nicht zugestimmt.", "consent-missing", "admin-consent-required"),
		means("Administratorgenehmigung erforderlich", "admin-consent-required"),
		means("Das Benutzerkonto ist deaktiviert.", "user-account-disabled"),
		means("Das Kennwort ist abgelaufen.", "user-password-expired"),
		means("Ihr Konto ist gesperrt.", "user-account-locked", "user-account-disabled"),
		means("Die in der Anforderung angegebene Antwort-URL stimmt nicht mit den für die Anwendung konfigurierten Antwort-URLs überein.", "redirect-uri-mismatch"),
		means("Der angemeldete Benutzer ist keiner Rolle für die Anwendung zugewiesen.", "user-not-assigned-to-app"),
		means("Sie können im Moment nicht darauf zugreifen. Ihre Anmeldung war erfolgreich, erfüllt aber nicht die Kriterien.", "conditional-access-block", "device-compliance-required"),
		means("Das Aktualisierungstoken ist aufgrund von Inaktivität abgelaufen.", CauseRefreshTokenExpired),
		means("Der angegebene geheime Clientschlüssel ist abgelaufen.", "client-secret-expired"),
		means("Der Mandant wurde nicht gefunden.", "tenant-not-found"),
		means("L'application avec l'identificateur est introuvable dans le répertoire.", "app-not-found-in-tenant"),
		means("Approbation de l'administrateur requise", "admin-consent-required"),
		means("L'URL de réponse spécifiée dans la demande ne correspond pas aux URL de réponse configurées pour l'application.", "redirect-uri-mismatch"),
		means("Le compte d'utilisateur est désactivé.", "user-account-disabled"),
		means("Le mot de passe a expiré.", "user-password-expired"),
		means("Le jeton d'actualisation a expiré en raison de son inactivité.", CauseRefreshTokenExpired),
		means("Se necesita la aprobación del administrador", "admin-consent-required"),
		means("No se encontró la aplicación con el identificador en el directorio.", "app-not-found-in-tenant"),
		means("La cuenta de usuario está deshabilitada.", "user-account-disabled"),
		means("La contraseña ha expirado.", "user-password-expired"),
		means("La URL de respuesta especificada en la solicitud no coincide con las URL de respuesta configuradas para la aplicación.", "redirect-uri-mismatch"),
		means("El token de actualización ha expirado debido a inactividad.", CauseRefreshTokenExpired),
	})
	checkDocumented(t, PhaseSMTP, Generic, []documented{
		means("550 5.1.1 Empfänger unbekannt", "recipient-not-found"),
		means("550 Destinataire inconnu", "recipient-not-found"),
		means("550 Destinatario desconocido", "recipient-not-found"),
		means("552 5.2.2 Das Postfach ist voll", "mailbox-full"),
		means("552 5.2.2 La boîte aux lettres est pleine", "mailbox-full"),
		means("552 5.2.2 El buzón está lleno", "mailbox-full"),
		means("552 Die Nachricht ist zu groß", "message-too-large"),
		means("552 Message trop volumineux", "message-too-large"),
		means("552 El mensaje es demasiado grande", "message-too-large"),
		means("530 Authentifizierung erforderlich", "client-did-not-authenticate"),
		means("530 Authentification requise", "client-did-not-authenticate"),
		means("530 Se requiere autenticación", "client-did-not-authenticate"),
	})
}

// TestMailProgramsSpeakOfTheirSignIn: who fetches or sends mail with a product
// is told what went wrong while it got its token, too.
func TestMailProgramsSpeakOfTheirSignIn(t *testing.T) {
	for _, phase := range []Phase{PhaseIMAP, PhaseSMTP} {
		checkDocumented(t, phase, Microsoft, []documented{
			means("Client secret expired", "client-secret-expired"),
			means("Der geheime Clientschlüssel ist abgelaufen.", "client-secret-expired"),
			means("Client ID or client secret is incorrect", "client-secret-invalid"),
			means("The tenant ID is incorrect", "tenant-not-found"),
			means("Mandant nicht gefunden", "tenant-not-found"),
			means("Please authorize the email account first.", "interactive-sign-in-needed"),
			means("Das Postfach ist noch nicht autorisiert.", "interactive-sign-in-needed"),
			means("Missing permission Mail.Read", "app-permission-missing"),
			means("Fehlende Berechtigung: Mail.Read", "app-permission-missing"),
			means("Your connection to Microsoft 365 has expired. Please reconnect.", "refresh-token-revoked", "refresh-token-expired"),
			means("Signed in as a different user than the mailbox", "token-user-mismatch"),
		})
	}
}

// TestWhatProductsMakeOfMicrosoftsCodes: a product may put Microsoft's number in
// words of its own and leave the number out.
func TestWhatProductsMakeOfMicrosoftsCodes(t *testing.T) {
	checkDocumented(t, PhaseToken, Microsoft, []documented{
		means("The resource has no service principal in this tenant", "resource-not-found-in-tenant"),
		means("Der App-Registrierung fehlt die angeforderte API-Berechtigung", "app-permissions-not-declared"),
		means("Das Konto gehört nicht zu dieser Organisation", "user-not-in-tenant"),
		means("Ihr Konto ist der App nicht zugewiesen", "user-not-assigned-to-app"),
		means("You have not been granted access to this application", "user-not-assigned-to-app"),
		means("Your organization blocked this sign-in", "conditional-access-block"),
		means("the app registration does not allow public client flows", "public-client-flow-disabled"),
		means("certificate thumbprint does not match the app registration", "client-certificate-invalid"),
	})
	for _, phase := range []Phase{PhaseIMAP, PhaseSMTP} {
		checkDocumented(t, phase, Microsoft, []documented{
			means("Bitte zuerst das Microsoft-Konto verbinden", "interactive-sign-in-needed"),
			means("Das angemeldete Konto passt nicht zum Postfach", "token-user-mismatch"),
			means("Gespeicherte Zugangsdaten können nicht entschlüsselt werden", "store-key-unavailable"),
			means("Microsoft OAuth is not configured", "client-secret-missing"),
		})
	}
}
