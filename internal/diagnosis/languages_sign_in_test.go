package diagnosis

import "testing"

// TestSignInInManyLanguages: what is said of tokens, apps, accounts, devices
// and consent without a code beside it.
func TestSignInInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{Microsoft, []Phase{PhaseToken, PhaseIMAP}, []Cause{"token-expired", "refresh-token-expired", "refresh-token-revoked"}, []string{
			`Das Zugriffstoken ist abgelaufen`, `Token abgelaufen`, `Le jeton d'accès a expiré`, `El token de acceso ha caducado`, `El token ha expirado`,
			`O token de acesso expirou`, `Il token di accesso è scaduto`, `Het toegangstoken is verlopen`, `Token dostępu wygasł`, `Přístupový token vypršel`,
			`Срок действия токена истек`, `アクセストークンの有効期限が切れています`, `访问令牌已过期`, `Erişim belirtecinin süresi doldu`,
		}},
		{Microsoft, []Phase{PhaseRefresh}, []Cause{"refresh-token-expired", "refresh-token-revoked"}, []string{
			`Das Aktualisierungstoken ist abgelaufen`, `Das Aktualisierungstoken ist ungültig oder abgelaufen`, `Le jeton d'actualisation a expiré`,
			`El token de actualización ha expirado`, `O token de atualização expirou`, `Il token di aggiornamento è scaduto`, `Het vernieuwingstoken is verlopen`,
			`Token odświeżania wygasł`, `Токен обновления истек`, `更新トークンの有効期限が切れました`, `刷新令牌已过期`, `Yenileme belirtecinin süresi doldu`, `Obnovovací token vypršel`,
			`Autorisierung wurde widerrufen`, `L'autorisation a été révoquée`, `La autorización ha sido revocada`, `A autorização foi revogada`,
			`L'autorizzazione è stata revocata`, `授权已被撤销`, `Авторизация была отозвана`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"client-secret-expired", "client-secret-invalid"}, []string{
			`Der geheime Clientschlüssel ist abgelaufen`, `Das Client-Geheimnis ist abgelaufen`, `Le secret client a expiré`, `El secreto de cliente ha caducado`,
			`O segredo do cliente expirou`, `Il segreto client è scaduto`, `Het clientgeheim is verlopen`, `Klucz tajny klienta wygasł`, `Секрет клиента истек`,
			`クライアント シークレットの有効期限が切れています`, `客户端密码已过期`, `客户端密钥已过期`, `İstemci gizli anahtarının süresi doldu`, `Ungültiger geheimer Clientschlüssel`, `Secret client non valide`,
			`Secreto de cliente no válido`, `Segredo do cliente inválido`, `Segreto client non valido`, `客户端密码无效`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"redirect-uri-mismatch"}, []string{
			`Der Umleitungs-URI stimmt nicht mit dem konfigurierten überein`, `Die Antwort-URL stimmt nicht überein`, `L'URI de redirection ne correspond pas`,
			`El URI de redirección no coincide`, `O URI de redirecionamento não corresponde`, `L'URI di reindirizzamento non corrisponde`, `De omleidings-URI komt niet overeen`,
			`Identyfikator URI przekierowania jest niezgodny`, `URI перенаправления не совпадает`, `リダイレクト URI が一致しません`, `重定向 URI 不匹配`, `Yeniden yönlendirme URI'si eşleşmiyor`,
			`Identifikátor URI přesměrování neodpovídá`,
		}},
		{Microsoft, []Phase{PhaseAuthorize, PhaseToken}, []Cause{"app-not-found-in-tenant"}, []string{
			`Die Anwendung wurde im Verzeichnis nicht gefunden`, `L'application est introuvable dans l'annuaire`, `No se encontró la aplicación en el directorio`,
			`O aplicativo não foi encontrado no diretório`, `L'applicazione non è stata trovata nella directory`, `De toepassing is niet gevonden in de directory`,
			`Nie znaleziono aplikacji w katalogu`, `Приложение не найдено в каталоге`, `アプリケーションがディレクトリに見つかりませんでした`, `在目录中找不到应用程序`, `Uygulama dizinde bulunamadı`,
			`Aplikace nebyla v adresáři nalezena`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"mfa-required"}, []string{
			`Mehrstufige Authentifizierung erforderlich`, `Multi-Faktor-Authentifizierung erforderlich`, `L'authentification multifacteur est requise`,
			`Se requiere autenticación multifactor`, `A autenticação multifator é necessária`, `È necessaria l'autenticazione a più fattori`, `Meervoudige verificatie vereist`,
			`Wymagane jest uwierzytelnianie wieloskładnikowe`, `Требуется многофакторная проверка подлинности`, `多要素認証が必要です`, `需要多重身份验证`,
			`Çok faktörlü kimlik doğrulaması gerekiyor`, `Je vyžadováno vícefaktorové ověřování`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"consent-missing", "admin-consent-required", "user-declined-consent"}, []string{
			`Der Benutzer oder Administrator hat der Anwendung nicht zugestimmt`, `L'utilisateur ou l'administrateur n'a pas consenti à utiliser l'application`,
			`El usuario o administrador no ha dado su consentimiento para usar la aplicación`, `O usuário ou administrador não consentiu em usar o aplicativo`,
			`L'utente o l'amministratore non ha acconsentito all'uso dell'applicazione`, `De gebruiker of beheerder heeft geen toestemming gegeven`,
			`Użytkownik lub administrator nie wyraził zgody`, `Пользователь или администратор не дал согласия`, `ユーザーまたは管理者がアプリケーションの使用に同意していません`, `用户或管理员尚未同意使用该应用程序`,
			`Kullanıcı veya yönetici onay vermedi`, `Uživatel nebo správce nevyjádřil souhlas`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"user-account-disabled", "user-account-locked"}, []string{
			`Ihr Konto ist deaktiviert`, `Das Konto ist vorübergehend gesperrt`, `Votre compte est désactivé`, `Votre compte est temporairement verrouillé`,
			`Su cuenta está deshabilitada`, `La cuenta está bloqueada temporalmente`, `Sua conta está desabilitada`, `Il tuo account è disabilitato`, `Uw account is uitgeschakeld`,
			`Twoje konto jest wyłączone`, `Ваша учетная запись отключена`, `アカウントが無効になっています`, `您的帐户已被禁用`, `帐户被临时锁定`, `Hesabınız devre dışı`, `Váš účet je zakázán`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"user-not-found", "user-not-in-tenant"}, []string{
			`Dieser Benutzername ist möglicherweise falsch`, `Das Microsoft-Konto ist nicht vorhanden`, `Wir konnten kein Konto mit diesem Benutzernamen finden`,
			`Nous n'avons pas trouvé de compte avec ce nom d'utilisateur`, `Ce compte Microsoft n'existe pas`, `No encontramos ninguna cuenta con ese nombre de usuario`,
			`Esa cuenta de Microsoft no existe`, `Não encontramos uma conta com esse nome de usuário`, `Essa conta da Microsoft não existe`, `L'account Microsoft non esiste`,
			`Non è stato trovato alcun account con questo nome utente`, `Dit Microsoft-account bestaat niet`, `To konto Microsoft nie istnieje`,
			`Эта учетная запись Майкрософт не существует`, `その Microsoft アカウントは存在しません`, `该 Microsoft 帐户不存在`, `Bu Microsoft hesabı yok`, `Tento účet Microsoft neexistuje`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"device-compliance-required", "conditional-access-block"}, []string{
			`Das Gerät muss verwaltet werden, um auf diese Ressource zuzugreifen`, `Ihr Gerät entspricht nicht den Richtlinien`, `Votre appareil n'est pas conforme`,
			`L'appareil doit être géré`, `El dispositivo no es compatible con la directiva`, `El dispositivo debe estar administrado`, `Seu dispositivo não está em conformidade`,
			`Il dispositivo non è conforme`, `Uw apparaat voldoet niet aan het beleid`, `Urządzenie nie jest zgodne`, `Устройство не соответствует требованиям`, `デバイスが準拠していません`,
			`设备不合规`, `Cihazınız uyumlu değil`, `Zařízení nedodržuje zásady`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"user-declined-consent"}, []string{
			`Sie haben den Zugriff abgelehnt`, `Der Benutzer hat die Zustimmung verweigert`, `L'utilisateur a refusé le consentement`, `El usuario rechazó el consentimiento`,
			`O usuário negou o consentimento`, `L'utente ha negato il consenso`, `De gebruiker heeft de toestemming geweigerd`, `Użytkownik odmówił zgody`,
			`Пользователь отклонил запрос на согласие`, `ユーザーが同意を拒否しました`, `用户拒绝同意`, `Kullanıcı onayı reddetti`, `Uživatel odmítl souhlas`,
		}},
	})
}
