package diagnosis

import "testing"

// TestGooglesSignInErrors: https://developers.google.com/identity/protocols/oauth2/native-app
// and the pages on errors of OAuth 2.0 that it links to.
func TestGooglesSignInErrors(t *testing.T) {
	checkDocumented(t, PhaseAuthorize, Google, []documented{
		means("Error 400: admin_policy_enforced", "google-admin-policy"),
		means("Error 403: disallowed_useragent", "google-embedded-browser"),
		means("Error 403: org_internal", "google-app-internal-only"),
		means("Error 401: deleted_client", "google-client-not-found"),
		means("Error 401: invalid_client The OAuth client was not found.", "google-client-not-found"),
		means("Error 400: redirect_uri_mismatch", "redirect-uri-mismatch", "google-redirect-not-allowed"),
		means("Error 400: invalid_scope Some requested scopes were invalid.", "scope-invalid"),
		means("Error 403: access_denied The developer hasn’t given you access to this app.", "google-app-not-verified-or-not-test-user"),
		means("Access blocked: This app’s request is invalid. Error 400: invalid_request You can't sign in to this app because it doesn't comply with Google's OAuth 2.0 policy", "google-redirect-not-allowed"),
		means("This app isn't verified. This app hasn't been verified by Google yet.", "google-app-not-verified-or-not-test-user"),
		means("?error=access_denied", "user-declined-consent", "google-app-not-verified-or-not-test-user"),
		means("Error 400: invalid_request Missing required parameter: client_id", "oauth-request-invalid"),
		means("Error 400: invalid_request Invalid parameter value for redirect_uri: Non-public domains not allowed", "google-redirect-not-allowed", "redirect-uri-mismatch"),
		means("Zugriff blockiert: Die Anfrage dieser App ist ungültig", "google-redirect-not-allowed", "redirect-uri-mismatch", "oauth-request-invalid"),
		means("Diese App wurde nicht überprüft", "google-app-not-verified-or-not-test-user"),
		means("Accès bloqué : erreur d'autorisation. Erreur 400 : redirect_uri_mismatch", "redirect-uri-mismatch", "google-redirect-not-allowed"),
		means("Acceso bloqueado: esta app no cumple con la política OAuth 2.0 de Google", "google-redirect-not-allowed"),
	})
	checkDocumented(t, PhaseToken, Google, []documented{
		means(`{"error":"invalid_client","error_description":"Unauthorized"}`, "client-secret-invalid"),
		means(`{"error":"invalid_client","error_description":"The provided client secret is invalid."}`, "client-secret-invalid"),
		means(`{"error":"invalid_request","error_description":"client_secret is missing."}`, "client-secret-missing"),
		means(`{"error":"invalid_grant","error_description":"Malformed auth code."}`, "grant-value-malformed"),
		means(`{"error":"invalid_grant","error_description":"Bad Request"}`, "auth-code-expired-or-reused", "google-refresh-token-revoked", "google-refresh-token-testing-mode"),
		means(`{"error":"invalid_grant","error_description":"Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."}`, "clock-skew"),
		means(`{"error":"invalid_grant","error_description":"Invalid JWT Signature."}`, "client-certificate-invalid"),
		means(`{"error":"invalid_grant","error_description":"Missing code verifier."}`, "pkce-verifier-mismatch"),
		means(`{"error":"redirect_uri_mismatch","error_description":"Bad Request"}`, "redirect-uri-mismatch"),
		means(`{"error":"unauthorized_client","error_description":"Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested."}`, "google-dwd-not-authorized"),
		means(`{"error":"invalid_grant","error_description":"Invalid email or User ID"}`, "google-dwd-not-workspace-account"),
		means(`{"error":"unsupported_grant_type","error_description":"Invalid grant_type: "}`, "oauth-request-invalid"),
	})
	checkDocumented(t, PhaseRefresh, Google, []documented{
		means(`{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, "google-refresh-token-revoked", "google-refresh-token-testing-mode"),
		means(`{"error":"invalid_grant","error_description":"Bad Request"}`, "google-refresh-token-revoked", "google-refresh-token-testing-mode"),
		means(`{"error":"invalid_grant","error_description":"Account has been deleted"}`, "user-not-found", "user-account-disabled", "google-refresh-token-revoked"),
		means(`{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}`, "interactive-sign-in-needed", "google-admin-policy", "refresh-token-sign-in-frequency"),
		means(`{"error":"deleted_client","error_description":"The OAuth client was deleted."}`, "google-client-not-found"),
		means(`{"error":"disabled_client","error_description":"The OAuth client was disabled."}`, "google-client-not-found", "app-disabled"),
		means(`{"error":"unauthorized_client","error_description":"Unauthorized"}`, "google-wrong-client-type", "client-secret-invalid", "google-client-not-found"),
		means(`{"error":"internal_failure","error_description":"Backend Error"}`, "provider-temporary-error"),
		means(`{"error":"rate_limit_exceeded"}`, "provider-rate-limited", "token-requests-too-many"),
	})
	checkDocumented(t, PhaseDevice, Google, []documented{
		means(`{"error":"authorization_pending","error_description":"Precondition Required"}`, "device-code-pending"),
		means(`{"error":"slow_down","error_description":"Forbidden"}`, "device-code-pending", "token-requests-too-many"),
		means(`{"error":"access_denied","error_description":"Forbidden"}`, "user-declined-consent"),
		means(`{"error":"expired_token"}`, "device-code-expired"),
		means(`{"error":"invalid_client","error_description":"Only clients of type 'TVs and Limited Input devices' can use the OAuth 2.0 flow for TV and Limited-Input Device Applications."}`, "google-wrong-client-type"),
		means(`{"error_code":"rate_limit_exceeded"}`, "provider-rate-limited", "token-requests-too-many"),
	})
	checkDocumented(t, PhaseIMAP, Google, []documented{
		means("NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)", "google-app-password-required", "google-token-invalid-or-expired", "password-wrong", "google-scope-missing"),
		means("NO [ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)", "google-app-password-required"),
		means("NO [WEBALERT https://accounts.google.com/signin/continue?sarp=1] Web login required.", "google-web-login-required"),
		means("NO [ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access.", "google-imap-pop-disabled"),
		means("NO [ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature.", "google-imap-pop-disabled", "google-admin-policy"),
		means("NO [ALERT] Too many simultaneous connections. (Failure)", "too-many-connections"),
		means("NO [UNAVAILABLE] Temporary System Error", "provider-temporary-error"),
		means("NO [OVERQUOTA] Account exceeded command or bandwidth limits.", "provider-rate-limited"),
		means("NO [ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)", "google-web-login-required"),
		means("BAD Invalid SASL argument.", "sasl-string-malformed"),
	})
	checkDocumented(t, PhasePOP3, Google, []documented{
		means("-ERR [AUTH] Username and password not accepted.", "google-app-password-required", "password-wrong"),
		means("-ERR [AUTH] Application-specific password required", "google-app-password-required"),
		means("-ERR [AUTH] Web login required", "google-web-login-required"),
		means("-ERR [SYS/PERM] Your account is not enabled for POP access. Please visit your Gmail settings page and enable your account for POP access.", "google-imap-pop-disabled"),
		means("-ERR [SYS/TEMP] Temporary system problem. Please try again later.", "provider-temporary-error"),
	})
}
