package diagnosis

import "testing"

// TestMailProgramsInManyLanguages: how mail programs word what happens before
// any sign-in, and the numbers of Outlook without a word beside them.
func TestMailProgramsInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{"", []Phase{PhaseIMAP}, []Cause{"port-blocked", "wrong-host-name", "wrong-port-or-encryption", "server-timeout", "network-connection-reset"}, []string{
			`Fehler 0x800CCC0E`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"network-connection-reset"}, []string{
			`Fehler 0x800CCC0F`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"password-wrong"}, []string{
			`Fehler 0x800CCC92`, `Fehler 0x800CCC90`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"client-did-not-authenticate", "password-wrong", "send-as-denied"}, []string{
			`Fehler 0x800CCC78`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"client-did-not-authenticate", "recipient-not-found"}, []string{
			`Fehler 0x800CCC79`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"wrong-port-or-encryption"}, []string{
			`Fehler 0x800CCC1A`, `Fehler 0x800CCC7D`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"server-timeout", "port-blocked"}, []string{
			`Fehler 0x8004210A`, `Fehler 0x800CCC19`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"wrong-host-name", "dns-not-resolved"}, []string{
			`Fehler 0x800CCC0D`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"port-blocked", "dns-not-resolved", "wrong-host-name", "network-no-route-ipv6", "server-timeout"}, []string{
			`Fehler 0x800CCC13`, `Fehler 0x80042108`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"client-did-not-authenticate"}, []string{
			`Fehler 0x800CCC78`, `Le serveur a répondu : 530 Authentication required`, `El servidor respondió: 530 5.7.0 Authentication required`,
			`Der Server antwortete: 550 Relaying denied`, `Il server ha risposto: 554 5.7.1 Relay access denied`, `O servidor respondeu: 550 relay not permitted`,
			`De server antwoordde: 550 relay not permitted`, `Serwer odpowiedział: 550 relay not permitted`, `Server odpověděl: 550 relaying denied`,
			`Сервер ответил: 550 relay not permitted`, `サーバーの応答: 550 relay not permitted`, `服务器响应：550 relay not permitted`, `Sunucu yanıtı: 550 relay not permitted`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"password-wrong", "exo-basic-auth-disabled", "protocol-disabled-at-provider"}, []string{
			`Le serveur a répondu : 535 5.7.8 Authentication failed`, `El servidor respondió: 535 Incorrect authentication data`,
			`Der Server antwortete: 535 Authentication credentials invalid`, `Il server ha risposto: 535 5.7.8 Error: authentication failed`,
			`O servidor respondeu: 535 Incorrect authentication data`, `De server antwoordde: 535 Incorrect authentication data`,
			`Serwer odpowiedział: 535 Incorrect authentication data`, `Server odpověděl: 535 Incorrect authentication data`, `Сервер ответил: 535 Incorrect authentication data`,
			`サーバーの応答: 535 Incorrect authentication data`, `服务器响应：535 Incorrect authentication data`, `Sunucu yanıtı: 535 Incorrect authentication data`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"port-blocked", "wrong-host-name", "wrong-port-or-encryption", "server-timeout"}, []string{
			`Impossible d'établir la connexion au serveur IMAP`, `Die Verbindung zum IMAP-Server konnte nicht aufgebaut werden`, `Kein Zugriff auf den Mailserver`,
			`Verbindungsaufbau zum Server gescheitert`, `Mailserver nicht erreichbar`, `Der Mailserver ist nicht erreichbar`, `Serveur de messagerie injoignable`,
			`Le serveur est injoignable`, `Servidor de correo inaccesible`, `No hay conexión con el servidor de correo`, `Servidor de e-mail inacessível`,
			`Sem conexão com o servidor de e-mail`, `Server di posta non raggiungibile`, `Mailserver niet bereikbaar`, `Serwer poczty jest niedostępny`,
			`Brak połączenia z serwerem`, `Poštovní server není dostupný`, `Почтовый сервер недоступен`, `Нет соединения с сервером`, `メールサーバーに接続できません`, `メールサーバーに到達できません`,
			`无法连接邮件服务器`, `邮件服务器连接失败`, `E-posta sunucusuna ulaşılamıyor`, `Posta sunucusuna bağlanılamıyor`,
		}},
		{"", []Phase{PhaseIMAP}, []Cause{"tls-self-signed", "tls-interception-untrusted-ca", "tls-server-chain-incomplete", "local-ca-store-broken", "tls-name-mismatch"}, []string{
			`Das Sicherheitszertifikat des Servers ist nicht vertrauenswürdig`, `Dem Zertifikat wird nicht vertraut`, `Zertifikatsfehler`, `Zertifikat ungültig`,
			`Le certificat de sécurité n'est pas approuvé`, `Erreur de certificat`, `Certificat non reconnu`, `El certificado de seguridad no es de confianza`,
			`Error de certificado`, `O certificado de segurança não é confiável`, `Erro de certificado`, `Il certificato di protezione non è attendibile`, `Errore del certificato`,
			`Het beveiligingscertificaat wordt niet vertrouwd`, `Certificaatfout`, `Certyfikat zabezpieczeń nie jest zaufany`, `Błąd certyfikatu`, `Certifikát není důvěryhodný`,
			`Chyba certifikátu`, `Сертификат безопасности не является доверенным`, `Ошибка сертификата`, `セキュリティ証明書は信頼されていません`, `証明書エラー`, `证书不受信任`, `证书错误`, `安全证书有问题`,
			`Güvenlik sertifikası güvenilir değil`, `Sertifika hatası`, `Bu sunucunun kimliği doğrulanamıyor`, `Die Identität des Servers kann nicht überprüft werden`,
			`Impossible de vérifier l'identité du serveur`, `No se puede verificar la identidad del servidor`, `Non è possibile verificare l'identità del server`,
			`Não foi possível verificar a identidade do servidor`, `Kan serveridentiteit niet controleren`, `Nie można zweryfikować tożsamości serwera`, `サーバの識別情報を検証できません`,
			`无法验证服务器身份`, `Не удается проверить удостоверение сервера`, `Identitu serveru nelze ověřit`,
		}},
		{"", []Phase{PhaseToken}, []Cause{"server-timeout", "port-blocked", "dns-not-resolved", "proxy-unreachable", "network-connection-reset", "provider-temporary-error"}, []string{
			`Zeitüberschreitung bei der Anforderung des Tokens`, `Keine Verbindung zum Anmeldedienst`, `Impossible de contacter le serveur d'authentification`,
			`No se puede conectar con el servicio de inicio de sesión`, `Impossibile contattare il server di autenticazione`,
			`Não foi possível contatar o servidor de autenticação`, `Kan geen verbinding maken met de aanmeldingsservice`, `Nie można połączyć się z usługą logowania`,
			`Не удалось подключиться к службе входа`, `サインイン サービスに接続できません`, `无法连接登录服务`, `Oturum açma hizmetine bağlanılamıyor`, `Es besteht keine Internetverbindung`,
			`Pas de connexion Internet`, `Sin conexión a Internet`, `Nessuna connessione Internet`, `Sem conexão com a Internet`, `Geen internetverbinding`,
			`Brak połączenia z Internetem`, `Нет подключения к Интернету`, `インターネットに接続されていません`, `没有网络连接`, `İnternet bağlantısı yok`, `Žádné připojení k internetu`,
		}},
	})
}
