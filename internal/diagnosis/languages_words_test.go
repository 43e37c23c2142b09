package diagnosis

import "testing"

// TestOwnWordsInManyLanguages: how people say in their own words what fails
// before a sign-in, without a message of any program.
func TestOwnWordsInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{Generic, []Phase{PhaseIMAP}, []Cause{"password-wrong", "exo-basic-auth-disabled", "google-app-password-required", "protocol-disabled-at-provider"}, []string{
			`Thunderbird fragt ständig nach dem Passwort, obwohl es richtig ist`, `Outlook verlangt immer wieder das Kennwort`,
			`Seit heute nimmt das Postfach mein Passwort nicht mehr an`, `Outlook n'arrête pas de demander le mot de passe`,
			`La messagerie me redemande sans cesse mon mot de passe`, `Outlook me pide la contraseña una y otra vez`, `Me sigue pidiendo la contraseña y no la acepta`,
			`O Outlook fica pedindo a senha toda hora`, `Outlook continua a chiedere la password`, `Outlook blijft om het wachtwoord vragen`, `Outlook ciągle prosi o hasło`,
			`Outlook stále vyžaduje heslo`, `Outlook постоянно запрашивает пароль`, `Outlookで何度もパスワードを求められる`, `Outlook 一直提示输入密码`, `Outlook sürekli şifre soruyor`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"port-blocked", "wrong-host-name", "wrong-port-or-encryption", "server-timeout", "dns-not-resolved", "network-no-route-ipv6"}, []string{
			`Ich bekomme keine Verbindung zum Mailserver`, `Der Server ist nicht erreichbar`, `Es kommt keine Verbindung zustande`,
			`Je n'arrive pas à me connecter au serveur de messagerie`, `Le serveur est injoignable`, `Pas moyen de joindre le serveur`,
			`No consigo conectarme al servidor de correo`, `El servidor no está accesible`, `Não consigo conectar ao servidor de e-mail`, `O servidor está inacessível`,
			`Non riesco a collegarmi al server di posta`, `Il server non è raggiungibile`, `Ik krijg geen verbinding met de mailserver`, `De server is onbereikbaar`,
			`Nie mogę połączyć się z serwerem poczty`, `Serwer jest nieosiągalny`, `Nemohu se připojit k poštovnímu serveru`, `Server je nedostupný`,
			`Не могу подключиться к почтовому серверу`, `Сервер недоступен`, `メールサーバーに接続できません`, `サーバーに到達できません`, `无法连接到邮件服务器`, `服务器不可达`, `Posta sunucusuna bağlanamıyorum`,
			`Sunucuya ulaşılamıyor`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"server-timeout", "port-blocked", "wrong-port-or-encryption", "wrong-host-name", "provider-temporary-error"}, []string{
			`Beim Senden hängt das Programm und bricht nach einer Minute ab`, `Der Versand läuft in einen Timeout`, `L'envoi tourne dans le vide puis délai dépassé`,
			`El envío se queda colgado y da tiempo agotado`, `O envio trava e depois dá tempo esgotado`, `L'invio si blocca e va in timeout`,
			`Het verzenden blijft hangen en geeft een time-out`, `Wysyłanie wisi, a potem przekroczono limit czasu`, `Odesílání visí a pak vyprší časový limit`,
			`Отправка зависает, потом таймаут`, `送信がタイムアウトします`, `发送邮件超时`, `Gönderirken zaman aşımına uğruyor`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"tls-certificate-expired", "clock-skew"}, []string{
			`Das Zertifikat des Servers ist nicht mehr gültig, abgelaufen am 01.05.`, `Zertifikat seit gestern abgelaufen`,
			`Le certificat du serveur n'est plus valable, il a expiré hier`, `El certificado caducó ayer`, `O certificado venceu ontem`, `Il certificato è scaduto ieri`,
			`Het certificaat is gisteren verlopen`, `Certyfikat wygasł wczoraj`, `Platnost certifikátu vypršela`, `Сертификат просрочен`, `証明書の期限が切れている`, `证书过期了`,
			`Sertifikanın süresi dolmuş`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"tls-name-mismatch", "wrong-host-name", "tls-interception-untrusted-ca"}, []string{
			`Das Zertifikat ist auf einen anderen Namen ausgestellt`, `Der Name im Zertifikat passt nicht zum Server`, `Le nom du certificat ne correspond pas au serveur`,
			`Le certificat est au nom d'un autre domaine`, `El certificado es para otro dominio`, `O certificado é de outro domínio`,
			`Il certificato è intestato a un altro dominio`, `Het certificaat staat op een andere naam`, `Certyfikat wystawiony dla innej domeny`,
			`Certifikát je vydán pro jiné jméno`, `Сертификат выдан на другое имя`, `証明書の名前がサーバー名と違います`, `证书名称与服务器不匹配`, `Sertifika başka bir alan adına ait`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"tls-interception-untrusted-ca", "tls-self-signed", "tls-server-chain-incomplete", "local-ca-store-broken"}, []string{
			`Dem Zertifikat wird nicht vertraut`, `Das Zertifikat kommt von Kaspersky statt vom Anbieter`, `Die Kette des Zertifikats lässt sich nicht prüfen`,
			`Le certificat n'est pas digne de confiance`, `L'autorité du certificat est inconnue`, `El certificado no es de confianza`, `Entidad emisora desconocida`,
			`O certificado não é confiável`, `Autoridade certificadora desconhecida`, `Certificato non attendibile`, `Autorità di certificazione sconosciuta`,
			`Certificaat wordt niet vertrouwd`, `Onbekende certificeringsinstantie`, `Certyfikat nie jest zaufany`, `Nieznany urząd certyfikacji`,
			`Certifikát není důvěryhodný`, `Neznámá certifikační autorita`, `Нет доверия к сертификату`, `Неизвестный центр сертификации`, `信頼されていない証明書です`, `证书不受信任`,
			`Sertifikaya güvenilmiyor`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"proxy-auth-required"}, []string{
			`Der Proxy verlangt eine Anmeldung`, `Proxy-Anmeldung fehlgeschlagen`, `Le proxy demande une authentification`, `El proxy pide usuario y contraseña`,
			`O proxy exige autenticação`, `Il proxy richiede l'autenticazione`, `De proxy vraagt om aanmelding`, `Proxy wymaga uwierzytelnienia`, `Proxy vyžaduje ověření`,
			`Прокси требует аутентификацию`, `プロキシの認証が必要です`, `代理需要身份验证`, `Proxy kimlik doğrulaması istiyor`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"proxy-unreachable"}, []string{
			`Der Proxyserver antwortet nicht`, `Proxy nicht erreichbar`, `Le serveur proxy ne répond pas`, `El servidor proxy no responde`, `O servidor proxy não responde`,
			`Il server proxy non risponde`, `De proxyserver reageert niet`, `Serwer proxy nie odpowiada`, `Proxy server neodpovídá`, `Прокси-сервер не отвечает`,
			`プロキシ サーバーが応答しません`, `代理服务器没有响应`, `Proxy sunucusu yanıt vermiyor`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"clock-skew"}, []string{
			`Die Uhr des Rechners geht falsch`, `Die Systemzeit weicht ab`, `L'horloge du système n'est pas à l'heure`, `La hora del sistema no es correcta`,
			`O relógio do sistema está errado`, `L'orologio di sistema non è corretto`, `De systeemklok loopt niet gelijk`, `Zegar systemowy jest niepoprawny`,
			`Systémový čas není správný`, `Системное время установлено неверно`, `システムの時刻がずれています`, `系统时间不正确`, `Sistem saati yanlış`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"browser-not-started"}, []string{
			`Es öffnet sich kein Browser zur Anmeldung`, `Der Browser startet nicht`, `Le navigateur ne s'ouvre pas`, `No se abre el navegador`, `O navegador não abre`,
			`Il browser non si apre`, `De browser opent niet`, `Przeglądarka się nie otwiera`, `Prohlížeč se neotevře`, `Браузер не открывается`, `ブラウザが開きません`, `浏览器打不开`,
			`Tarayıcı açılmıyor`,
		}},
		{Microsoft, []Phase{PhaseAuthorize}, []Cause{"loopback-unavailable"}, []string{
			`Nach der Anmeldung zeigt der Browser: localhost hat die Verbindung abgelehnt`, `Port 8080 ist schon belegt`,
			`Après connexion: localhost n'autorise pas la connexion`, `El puerto 8080 ya está en uso`, `A porta 8080 já está em uso`, `La porta 8080 è già in uso`,
			`Poort 8080 is al in gebruik`, `Port 8080 jest już zajęty`, `Port 8080 je již používán`, `Порт 8080 уже занят`, `ポート8080は既に使用されています`, `端口 8080 已被占用`,
			`8080 numaralı port zaten kullanımda`,
		}},
		{Microsoft, []Phase{PhaseRefresh}, []Cause{"store-key-unavailable", "store-locked", "store-damaged", "client-software-problem"}, []string{
			`Der Schlüsselbund ist gesperrt`, `Die Tokendatei lässt sich nicht entschlüsseln`, `Le trousseau est verrouillé`,
			`Impossible de déchiffrer le fichier des jetons`, `El llavero está bloqueado`, `No se puede descifrar el archivo de tokens`, `O chaveiro está bloqueado`,
			`Il portachiavi è bloccato`, `De sleutelbos is vergrendeld`, `Baza kluczy jest zablokowana`, `Klíčenka je uzamčena`, `Связка ключей заблокирована`,
			`キーチェーンがロックされています`, `钥匙串已锁定`, `Anahtar zinciri kilitli`,
		}},
		{Microsoft, []Phase{PhaseRefresh}, []Cause{"store-damaged", "store-locked", "client-software-problem"}, []string{
			`Kein Speicherplatz mehr auf dem Datenträger`, `Schreibzugriff auf token.json verweigert`, `Plus d'espace disque`, `Accès en écriture refusé: token.json`,
			`No queda espacio en el disco`, `Permiso denegado al escribir token.json`, `Sem espaço em disco`, `Permissão negada ao gravar token.json`,
			`Spazio su disco esaurito`, `Permesso negato: token.json`, `Schijf vol`, `Geen schrijfrechten op token.json`, `Brak miejsca na dysku`,
			`Brak uprawnień do zapisu token.json`, `Disk je plný`, `Нет места на диске`, `Отказано в доступе к файлу token.json`, `ディスクの空き容量がありません`,
			`token.json への書き込みが拒否されました`, `磁盘空间不足`, `token.json 权限不够`, `Diskte yer yok`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"wrong-port-or-encryption", "starttls-missing", "tls-version-too-old"}, []string{
			`Ich habe SSL statt STARTTLS eingestellt`, `Port 465 mit STARTTLS geht nicht`, `Port 587 mit SSL/TLS geht nicht`, `Der Server unterstützt kein STARTTLS`,
			`Le serveur ne gère pas STARTTLS`, `El servidor no admite STARTTLS`, `O servidor não suporta STARTTLS`, `Il server non supporta STARTTLS`,
			`De server ondersteunt geen STARTTLS`, `Serwer nie obsługuje STARTTLS`, `Server nepodporuje STARTTLS`, `Сервер не поддерживает STARTTLS`,
			`サーバーがSTARTTLSに対応していません`, `服务器不支持STARTTLS`, `Sunucu STARTTLS desteklemiyor`, `ist eine verschlüsselte Verbindung nötig: Must issue a STARTTLS command first`,
			`Die Verschlüsselung ist falsch eingestellt`,
		}},
		{Generic, []Phase{PhaseSMTP, PhaseIMAP}, []Cause{"tls-version-too-old"}, []string{
			`Der Server kann nur TLS 1.0`, `TLS 1.0 wird nicht mehr unterstützt`, `TLS 1.0 n'est plus pris en charge`, `TLS 1.0 ya no se admite`,
			`TLS 1.0 não é mais suportado`, `TLS 1.0 non è più supportato`, `TLS 1.0 wordt niet meer ondersteund`, `TLS 1.0 nie jest już obsługiwany`,
			`TLS 1.0 již není podporováno`, `TLS 1.0 больше не поддерживается`, `TLS 1.0はサポートされなくなりました`, `不再支持 TLS 1.0`, `TLS 1.0 artık desteklenmiyor`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP, PhaseToken}, []Cause{"dns-not-resolved", "wrong-host-name"}, []string{
			`Der Name des Servers kann nicht gefunden werden`, `DNS-Auflösung schlägt fehl`, `Le nom du serveur est introuvable`, `La résolution DNS a échoué`,
			`No se encuentra el nombre del servidor`, `Falla la resolución DNS`, `Nome do servidor não encontrado`, `Falha na resolução de DNS`,
			`Nome del server non trovato`, `Risoluzione DNS non riuscita`, `Servernaam niet gevonden`, `DNS-omzetting mislukt`, `Nie znaleziono nazwy serwera`,
			`Błąd rozpoznawania DNS`, `Název serveru nebyl nalezen`, `Не удалось найти имя сервера`, `Ошибка разрешения DNS`, `サーバー名が見つかりません`, `名前解決に失敗しました`, `找不到服务器名称`,
			`DNS 解析失败`, `Sunucu adı bulunamadı`, `DNS çözümlemesi başarısız`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"network-connection-reset", "server-timeout", "port-blocked", "wrong-port-or-encryption", "provider-temporary-error"}, []string{
			`Der Server hat die Verbindung beendet`, `Die Verbindung wurde vom Server getrennt`, `Verbindung bricht mitten im Senden ab`, `Le serveur a coupé la connexion`,
			`Connexion interrompue par le serveur`, `El servidor cortó la conexión`, `Se perdió la conexión con el servidor`, `O servidor encerrou a conexão`,
			`Conexão perdida com o servidor`, `Il server ha chiuso la connessione`, `Connessione persa`, `De server heeft de verbinding verbroken`,
			`Serwer zerwał połączenie`, `Utracono połączenie z serwerem`, `Server ukončil spojení`, `Сервер разорвал соединение`, `Потеряно соединение с сервером`,
			`サーバーから切断されました`, `与服务器的连接断开`, `Sunucu bağlantıyı kesti`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"port-blocked", "wrong-port-or-encryption", "wrong-host-name", "client-did-not-authenticate"}, []string{
			`Die Firewall blockiert Port 587`, `Unser Provider sperrt Port 25`, `Le pare-feu bloque le port 587`, `Mon FAI bloque le port 25`,
			`El cortafuegos bloquea el puerto 587`, `Mi proveedor bloquea el puerto 25`, `O firewall bloqueia a porta 587`, `Il firewall blocca la porta 587`,
			`De firewall blokkeert poort 587`, `Zapora blokuje port 587`, `Firewall blokuje port 587`, `Брандмауэр блокирует порт 587`, `ファイアウォールがポート587をブロックしています`,
			`防火墙阻止了587端口`, `Güvenlik duvarı 587 portunu engelliyor`, `Провайдер блокирует 25 порт`, `プロバイダーが25番ポートをブロック (OP25B)`, `运营商封了25端口`,
		}},
	})
}

// TestOwnWordsForRefusals: the same for what servers and sign-in pages refuse.
func TestOwnWordsForRefusals(t *testing.T) {
	checkAbroad(t, []abroad{
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"password-wrong", "google-app-password-required", "exo-basic-auth-disabled", "protocol-disabled-at-provider"}, []string{
			`Mein Passwort wird nicht akzeptiert`, `Die Zugangsdaten stimmen nicht`, `Login klappt nicht mehr`, `Le mot de passe n'est pas accepté`,
			`Mes identifiants sont refusés`, `Mauvais mot de passe`, `No me acepta la contraseña`, `Las credenciales no son correctas`, `Minha senha não é aceita`,
			`Usuário ou senha errados`, `La password non viene accettata`, `Credenziali errate`, `Mijn wachtwoord wordt niet geaccepteerd`, `Verkeerde inloggegevens`,
			`Moje hasło nie jest akceptowane`, `Złe hasło`, `Heslo není přijato`, `Špatné heslo`, `Пароль не принимается`, `Неверные учетные данные`, `パスワードが受け付けられません`,
			`IDまたはパスワードが違います`, `密码不对`, `账号或密码错误`, `Şifrem kabul edilmiyor`, `Kullanıcı adı veya parola yanlış`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"mailbox-full"}, []string{
			`Das Postfach des Empfängers ist voll`, `La boîte du destinataire est saturée`, `El buzón del destinatario está lleno`, `A caixa do destinatário está cheia`,
			`La casella del destinatario è piena`, `De mailbox van de ontvanger is vol`, `Skrzynka odbiorcy jest pełna`, `Schránka příjemce je plná`,
			`Ящик получателя переполнен`, `受信者のメールボックスがいっぱいです`, `收件人邮箱已满`, `Alıcının posta kutusu dolu`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"recipient-not-found"}, []string{
			`Den Empfänger gibt es nicht`, `Die Adresse des Empfängers existiert nicht`, `Le destinataire n'existe pas`, `Adresse du destinataire inconnue`,
			`El destinatario no existe`, `La dirección no existe`, `O destinatário não existe`, `Endereço não existe`, `Il destinatario non esiste`, `Indirizzo inesistente`,
			`De ontvanger bestaat niet`, `Odbiorca nie istnieje`, `Příjemce neexistuje`, `Получатель не существует`, `Адрес не существует`, `宛先が存在しません`, `收件人不存在`,
			`Alıcı bulunamadı`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"send-as-denied", "client-did-not-authenticate", "recipient-policy-rejected"}, []string{
			`Ich darf mit dieser Absenderadresse nicht senden`, `Absender gehört nicht zum Konto`, `L'adresse d'expéditeur n'est pas autorisée`,
			`L'expéditeur ne correspond pas au compte`, `El remitente no está autorizado`, `El remitente no coincide con la cuenta`, `O remetente não está autorizado`,
			`O remetente não corresponde à conta`, `Il mittente non è autorizzato`, `Il mittente non corrisponde all'account`, `De afzender is niet toegestaan`,
			`Nadawca nie jest dozwolony`, `Odesílatel není povolen`, `Отправитель не разрешен`, `Адрес отправителя не совпадает с логином`, `差出人アドレスが許可されていません`,
			`发件人与登录账号不一致`, `Gönderen adresi yetkili değil`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"outbound-spam-block", "recipient-policy-rejected"}, []string{
			`Unsere IP steht auf einer Blacklist`, `Die Mail wurde als Spam abgewiesen`, `Notre IP est sur liste noire`, `Message rejeté comme spam`,
			`Nuestra IP está en una lista negra`, `El mensaje fue rechazado por spam`, `Nosso IP está em lista negra`, `Mensagem rejeitada como spam`,
			`Il nostro IP è in blacklist`, `Messaggio rifiutato come spam`, `Ons IP staat op een zwarte lijst`, `Bericht geweigerd als spam`,
			`Nasze IP jest na czarnej liście`, `Wiadomość odrzucona jako spam`, `Naše IP je na blacklistu`, `Наш IP в черном списке`, `Письмо отклонено как спам`,
			`IPがブラックリストに登録されています`, `スパムとして拒否されました`, `IP被列入黑名单`, `被判定为垃圾邮件`, `IP adresimiz kara listede`, `Spam olarak reddedildi`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"sending-limit-exceeded", "provider-rate-limited"}, []string{
			`Wir haben zu viele Mails verschickt`, `Tageslimit für den Versand erreicht`, `Trop de messages envoyés`, `Limite d'envoi atteinte`,
			`Demasiados correos enviados`, `Límite diario de envío superado`, `Muitos e-mails enviados`, `Limite diário de envio atingido`, `Troppi messaggi inviati`,
			`Limite di invio superato`, `Te veel berichten verzonden`, `Daglimiet bereikt`, `Wysłano zbyt wiele wiadomości`, `Przekroczono dzienny limit`,
			`Odesláno příliš mnoho zpráv`, `Слишком много писем отправлено`, `Превышен лимит отправки`, `送信数の上限に達しました`, `发送次数超过限制`, `Gönderim limiti aşıldı`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"message-too-large"}, []string{
			`Der Anhang ist zu groß`, `Die Nachricht ist zu groß`, `La pièce jointe est trop volumineuse`, `El archivo adjunto es demasiado grande`,
			`O anexo é muito grande`, `L'allegato è troppo grande`, `De bijlage is te groot`, `Załącznik jest za duży`, `Příloha je příliš velká`,
			`Вложение слишком большое`, `添付ファイルが大きすぎます`, `附件太大`, `Ek dosya çok büyük`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"client-did-not-authenticate"}, []string{
			`Der Server verlangt eine Anmeldung vor dem Senden`, `Relay nicht erlaubt`, `Le serveur exige une authentification`, `Relais refusé`,
			`El servidor requiere autenticación`, `No se permite el relay`, `O servidor exige autenticação`, `Relay não permitido`, `Il server richiede l'autenticazione`,
			`Relay non consentito`, `De server vereist aanmelding`, `Relay niet toegestaan`, `Serwer wymaga uwierzytelnienia`, `Server vyžaduje ověření`,
			`Сервер требует авторизации`, `Ретрансляция запрещена`, `サーバーは認証を必要とします`, `服务器需要身份验证`, `Sunucu kimlik doğrulaması gerektiriyor`,
		}},
		{Generic, []Phase{PhaseIMAP}, []Cause{"protocol-disabled-at-provider", "exo-protocol-disabled-mailbox", "google-imap-pop-disabled"}, []string{
			`IMAP ist für das Postfach ausgeschaltet`, `IMAP muss erst aktiviert werden`, `L'accès IMAP est désactivé`, `Il faut activer IMAP`, `IMAP está desactivado`,
			`Hay que activar IMAP`, `O IMAP está desativado`, `É preciso ativar o IMAP`, `IMAP è disattivato`, `Occorre attivare IMAP`, `IMAP is uitgeschakeld`,
			`IMAP jest wyłączony`, `IMAP je zakázán`, `IMAP отключен`, `IMAPが無効になっています`, `IMAP服务未开启`, `IMAP devre dışı`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"user-account-locked", "user-account-disabled", "protocol-disabled-at-provider", "password-wrong"}, []string{
			`Das Konto ist gesperrt`, `Mein Account wurde deaktiviert`, `Le compte est bloqué`, `Compte suspendu`, `La cuenta está bloqueada`, `Cuenta suspendida`,
			`A conta está bloqueada`, `Conta suspensa`, `L'account è bloccato`, `Account sospeso`, `Het account is geblokkeerd`, `Konto jest zablokowane`,
			`Účet je zablokován`, `Учетная запись заблокирована`, `Аккаунт заблокирован`, `アカウントがロックされています`, `账号被锁定`, `帐户已停用`, `Hesap kilitli`,
		}},
		{Microsoft, []Phase{PhaseAuthorize, PhaseToken}, []Cause{"admin-consent-required", "consent-missing"}, []string{
			`Der Administrator muss der Anwendung zustimmen`, `Genehmigung durch den Administrator nötig`, `Il faut l'accord de l'administrateur`,
			`L'approbation de l'administrateur est nécessaire`, `Hace falta el consentimiento del administrador`, `Se necesita la aprobación del administrador`,
			`É preciso o consentimento do administrador`, `Serve il consenso dell'amministratore`, `Toestemming van de beheerder is vereist`,
			`Wymagana zgoda administratora`, `Je vyžadován souhlas správce`, `Требуется согласие администратора`, `管理者の承認が必要です`, `需要管理员批准`, `Yönetici onayı gerekiyor`,
		}},
		{Microsoft, []Phase{PhaseAuthorize, PhaseToken}, []Cause{"mfa-required", "mfa-enrollment-required", "interactive-sign-in-needed", "security-defaults-block"}, []string{
			`Es wird ein zweiter Faktor verlangt`, `Zwei-Faktor-Anmeldung erforderlich`, `L'authentification à deux facteurs est exigée`, `Se pide un segundo factor`,
			`É exigida a autenticação em dois fatores`, `È richiesta l'autenticazione a due fattori`, `Tweestapsverificatie vereist`,
			`Wymagane uwierzytelnianie dwuskładnikowe`, `Je vyžadováno dvoufázové ověření`, `Требуется двухфакторная аутентификация`, `二段階認証が必要です`, `多要素認証が必要です`, `需要双重验证`,
			`需要多重身份验证`, `İki adımlı doğrulama gerekli`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"client-secret-expired"}, []string{
			`Das Client-Secret ist abgelaufen`, `Der geheime Schlüssel der App ist abgelaufen`, `Le secret client a expiré`, `El secreto de cliente ha caducado`,
			`El secreto de la aplicación expiró`, `O segredo do cliente expirou`, `Il segreto client è scaduto`, `Het clientgeheim is verlopen`,
			`Klucz tajny klienta wygasł`, `Platnost tajného klíče klienta vypršela`, `Срок действия секрета клиента истек`, `クライアント シークレットの有効期限が切れました`, `客户端密码已过期`,
			`客户端密钥已过期`, `İstemci gizli anahtarının süresi doldu`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"client-secret-invalid", "client-secret-missing"}, []string{
			`Das Client-Secret ist falsch`, `Le secret client est incorrect`, `El secreto de cliente no es válido`, `O segredo do cliente é inválido`,
			`Il segreto client non è valido`, `Het clientgeheim is onjuist`, `Nieprawidłowy klucz tajny klienta`, `Tajný klíč klienta je neplatný`,
			`Неверный секрет клиента`, `クライアント シークレットが正しくありません`, `客户端密码无效`, `客户端密钥不正确`, `İstemci gizli anahtarı geçersiz`,
		}},
		{Microsoft, []Phase{PhaseAuthorize, PhaseToken}, []Cause{"redirect-uri-mismatch", "redirect-uri-registered-as-spa"}, []string{
			`Die Umleitungs-URI stimmt nicht überein`, `Die Redirect-URI ist nicht eingetragen`, `L'URI de redirection n'est pas enregistrée`,
			`L'URL de redirection ne correspond pas`, `La URI de redirección no coincide`, `A URI de redirecionamento não corresponde`,
			`L'URI di reindirizzamento non corrisponde`, `De omleidings-URI komt niet overeen`, `Identyfikator URI przekierowania nie zgadza się`,
			`Identifikátor URI přesměrování se neshoduje`, `URI перенаправления не совпадает`, `リダイレクトURIが一致しません`, `重定向 URI 不匹配`, `Yeniden yönlendirme URI'si eşleşmiyor`,
		}},
		{Microsoft, []Phase{PhaseAuthorize, PhaseToken}, []Cause{"conditional-access-block", "device-compliance-required", "mfa-required"}, []string{
			`Der bedingte Zugriff blockiert die Anmeldung`, `L'accès conditionnel bloque la connexion`, `El acceso condicional bloquea el inicio de sesión`,
			`O acesso condicional bloqueia o login`, `L'accesso condizionale blocca l'accesso`, `Voorwaardelijke toegang blokkeert de aanmelding`,
			`Dostęp warunkowy blokuje logowanie`, `Podmíněný přístup blokuje přihlášení`, `Условный доступ блокирует вход`, `条件付きアクセスによりブロックされました`, `条件访问阻止了登录`,
			`Koşullu erişim oturum açmayı engelliyor`,
		}},
		{Microsoft, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"exo-basic-auth-disabled", "exo-smtp-auth-disabled-tenant", "exo-smtp-auth-disabled-mailbox", "exo-auth-policy-block", "security-defaults-block"}, []string{
			`Die Standardauthentifizierung ist abgeschaltet`, `Microsoft hat die Basisauthentifizierung deaktiviert`, `L'authentification de base est désactivée`,
			`La autenticación básica está deshabilitada`, `A autenticação básica foi desativada`, `L'autenticazione di base è disabilitata`,
			`Basisverificatie is uitgeschakeld`, `Uwierzytelnianie podstawowe jest wyłączone`, `Základní ověřování je zakázáno`, `Базовая проверка подлинности отключена`,
			`基本認証が無効になっています`, `基本身份验证已禁用`, `Temel kimlik doğrulaması devre dışı`,
		}},
		{Google, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"google-app-password-required", "password-wrong", "google-web-login-required"}, []string{
			`Google verlangt ein App-Passwort`, `Il faut un mot de passe d'application`, `Se necesita una contraseña de aplicación`, `É preciso uma senha de app`,
			`Serve una password per le app`, `App-wachtwoord vereist`, `Wymagane hasło do aplikacji`, `Vyžadováno heslo aplikace`, `Нужен пароль приложения`,
			`アプリ パスワードが必要です`, `需要应用专用密码`, `Uygulama şifresi gerekli`,
		}},
		{Microsoft, []Phase{PhaseRefresh}, []Cause{"refresh-token-expired", "refresh-token-revoked", "interactive-sign-in-needed"}, []string{
			`Die Anmeldung ist abgelaufen, bitte neu anmelden`, `Sie müssen sich erneut anmelden`, `La session a expiré, reconnectez-vous`,
			`La sesión ha caducado, vuelva a iniciar sesión`, `A sessão expirou, entre novamente`, `La sessione è scaduta, accedi di nuovo`,
			`De sessie is verlopen, meld u opnieuw aan`, `Sesja wygasła, zaloguj się ponownie`, `Platnost relace vypršela, přihlaste se znovu`, `Сеанс истек, войдите снова`,
			`セッションの有効期限が切れました。再度サインインしてください`, `会话已过期，请重新登录`, `Oturumun süresi doldu, yeniden oturum açın`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"provider-temporary-error", "server-timeout", "provider-rate-limited"}, []string{
			`Der Server ist überlastet`, `Wegen Wartung nicht verfügbar`, `Le serveur est surchargé`, `Service en maintenance`, `El servidor está sobrecargado`,
			`Servicio en mantenimiento`, `O servidor está sobrecarregado`, `Serviço em manutenção`, `Il server è sovraccarico`, `Servizio in manutenzione`,
			`De server is overbelast`, `Serwer jest przeciążony`, `Server je přetížen`, `Сервер перегружен`, `Технические работы`, `サーバーが混雑しています`, `メンテナンス中です`, `服务器繁忙`,
			`系统维护中`, `Sunucu meşgul`,
		}},
		{Generic, []Phase{PhaseIMAP, PhaseSMTP}, []Cause{"too-many-connections"}, []string{
			`Zu viele gleichzeitige Verbindungen`, `Trop de connexions simultanées`, `Demasiadas conexiones simultáneas`, `Muitas conexões simultâneas`,
			`Troppe connessioni simultanee`, `Te veel gelijktijdige verbindingen`, `Zbyt wiele jednoczesnych połączeń`, `Příliš mnoho souběžných připojení`,
			`Слишком много одновременных подключений`, `同時接続数が多すぎます`, `连接数过多`, `Çok fazla eşzamanlı bağlantı`,
		}},
	})
}

// TestSituationsInManyLanguages: what the people in front of a printer, a
// mail program or a server tell.
func TestSituationsInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{Generic, []Phase{PhaseSMTP}, []Cause{"port-blocked", "wrong-host-name", "wrong-port-or-encryption", "server-timeout", "dns-not-resolved", "network-no-route-ipv6", "network-connection-reset"}, []string{
			`Hallo, seit der Umstellung kommt unser Scanner nicht mehr zum SMTP-Server durch. Meldung am Display: Verbindung zum Server fehlgeschlagen.`,
			`Bonjour, notre imprimante n'envoie plus les scans par mail : « Échec de connexion au serveur SMTP »`,
			`Buenas, la multifunción ya no envía correos, sale 'Error de conexión con el servidor SMTP'`,
			`Olá, a impressora não envia mais: falha na conexão com o servidor SMTP`, `Salve, lo scanner non invia più: errore di connessione al server SMTP`,
			`Goedemiddag, de printer kan niet meer mailen: kan geen verbinding maken met SMTP-server`, `Dzień dobry, skaner nie wysyła: błąd połączenia z serwerem SMTP`,
			`Dobrý den, tiskárna neodesílá: nelze navázat spojení se serverem SMTP`, `Здравствуйте, сканер не отправляет почту: ошибка соединения с SMTP-сервером`,
			`複合機からメール送信できません。SMTPサーバーへの接続に失敗しました`, `打印机扫描到邮件失败,提示连接SMTP服务器失败`, `Yazıcı artık e-posta göndermiyor: SMTP sunucusuna bağlantı hatası`,
		}},
		{Generic, []Phase{PhaseIMAP}, []Cause{"tls-interception-untrusted-ca", "tls-self-signed", "tls-server-chain-incomplete", "tls-name-mismatch", "tls-certificate-expired", "local-ca-store-broken"}, []string{
			`Beim Abrufen kommt immer eine Zertifikatswarnung`, `Thunderbird will, dass ich eine Sicherheits-Ausnahmeregel hinzufüge`,
			`Avertissement de certificat à chaque relève`, `Thunderbird me demande d'ajouter une exception de sécurité`, `Sale un aviso de certificado cada vez`,
			`Aviso de certificado toda vez que abro`, `Compare sempre un avviso sul certificato`, `Telkens een certificaatwaarschuwing`,
			`Ciągle pojawia się ostrzeżenie o certyfikacie`, `Pořád se objevuje varování o certifikátu`, `Постоянно появляется предупреждение о сертификате`,
			`証明書の警告が毎回表示されます`, `每次都弹出证书警告`, `Her seferinde sertifika uyarısı çıkıyor`,
		}},
		{Microsoft, []Phase{PhaseToken}, []Cause{"port-blocked", "proxy-unreachable", "server-timeout", "dns-not-resolved", "network-connection-reset", "proxy-auth-required", "tls-interception-untrusted-ca"}, []string{
			`login.microsoftonline.com ist von diesem Rechner aus nicht erreichbar`, `Kein Internetzugriff vom Server aus`,
			`Impossible de joindre login.microsoftonline.com depuis le serveur`, `No hay acceso a Internet desde el servidor`, `Sem acesso à internet a partir do servidor`,
			`Il server non ha accesso a Internet`, `Geen internettoegang vanaf de server`, `Brak dostępu do internetu z serwera`, `Server nemá přístup k internetu`,
			`С сервера нет доступа в интернет`, `サーバーからインターネットに接続できません`, `服务器无法访问外网`, `Sunucunun internet erişimi yok`,
		}},
		{Generic, []Phase{PhaseIMAP}, []Cause{"password-wrong", "exo-basic-auth-disabled", "protocol-disabled-at-provider", "google-app-password-required"}, []string{
			`Anmeldung beim Server imap.contoso.test mit Benutzername user@contoso.test schlug fehl`, `Login zum Postfach nicht möglich, Benutzer oder Passwort falsch`,
			`Connexion au compte impossible, identifiant ou mot de passe erroné`, `No puedo entrar en mi cuenta de correo, dice que la contraseña es incorrecta`,
			`Não consigo entrar na conta, diz que a senha está errada`, `Non riesco ad accedere alla casella, dice password errata`,
			`Ik kan niet inloggen op mijn mailbox, wachtwoord onjuist`, `Nie mogę się zalogować do skrzynki, złe hasło`, `Nemohu se přihlásit do schránky, špatné heslo`,
			`Не могу войти в почту, пишет неверный пароль`, `メールにログインできません。パスワードが間違っていると表示されます`, `邮箱登录不上,提示密码错误`, `Posta hesabıma giriş yapamıyorum, şifre hatalı diyor`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"recipient-policy-rejected", "outbound-spam-block"}, []string{
			`Mails an Gmail kommen als unzustellbar zurück, weil SPF nicht passt`, `Les mails vers Gmail sont rejetés, SPF incorrect`,
			`Gmail rechaza nuestros correos por SPF`, `O Gmail rejeita nossos e-mails por falta de SPF`, `Gmail rifiuta le nostre mail per SPF`,
			`Gmail weigert onze mail vanwege SPF`, `Gmail odrzuca nasze maile z powodu SPF`, `Gmail odmítá naše e-maily kvůli SPF`, `Gmail отклоняет письма из-за SPF`,
			`SPFが原因でGmailに拒否されます`, `因为SPF被Gmail拒收`, `Gmail SPF nedeniyle reddediyor`,
		}},
		{Microsoft, []Phase{PhaseSMTP}, []Cause{"exo-smtp-auth-disabled-mailbox", "exo-smtp-auth-disabled-tenant", "exo-basic-auth-disabled", "exo-auth-policy-block"}, []string{
			`SMTP AUTH ist im Mandanten deaktiviert`, `SMTP AUTH est désactivé pour cette boîte`, `SMTP AUTH está deshabilitado para el buzón`,
			`SMTP AUTH está desabilitado para a caixa`, `SMTP AUTH è disabilitato per la cassetta`, `SMTP AUTH is uitgeschakeld voor dit postvak`,
			`SMTP AUTH jest wyłączone dla skrzynki`, `SMTP AUTH je pro schránku zakázáno`, `SMTP AUTH отключен для ящика`, `SMTP AUTHがメールボックスで無効です`, `SMTP AUTH 已被禁用`,
			`SMTP AUTH bu posta kutusu için devre dışı`, `Authentifiziertes SMTP ist ausgeschaltet`, `SMTP authentifié désactivé`, `SMTP autenticado deshabilitado`,
			`SMTP autenticato disabilitato`,
		}},
		{Microsoft, []Phase{PhaseIMAP}, []Cause{"mailbox-missing-or-unlicensed", "exo-protocol-disabled-mailbox"}, []string{
			`Der Benutzer hat keine Exchange-Lizenz`, `Das Postfach existiert nicht`, `L'utilisateur n'a pas de licence Exchange`, `La boîte aux lettres n'existe pas`,
			`El usuario no tiene licencia de Exchange`, `El buzón no existe`, `O usuário não tem licença do Exchange`, `A caixa de correio não existe`,
			`L'utente non ha una licenza Exchange`, `La cassetta postale non esiste`, `De gebruiker heeft geen Exchange-licentie`, `Het postvak bestaat niet`,
			`Użytkownik nie ma licencji Exchange`, `Skrzynka nie istnieje`, `Uživatel nemá licenci Exchange`, `Schránka neexistuje`, `У пользователя нет лицензии Exchange`,
			`Почтовый ящик не существует`, `ユーザーにExchangeライセンスがありません`, `メールボックスが存在しません`, `用户没有Exchange许可证`, `邮箱不存在`, `Kullanıcının Exchange lisansı yok`,
			`Posta kutusu mevcut değil`,
		}},
		{Microsoft, []Phase{PhaseToken, PhaseAuthorize}, []Cause{"user-not-found", "user-not-in-tenant", "tenant-not-found", "app-not-found-in-tenant"}, []string{
			`Der Benutzer ist im Verzeichnis nicht vorhanden`, `L'utilisateur n'existe pas dans l'annuaire`, `El usuario no existe en el directorio`,
			`O usuário não existe no diretório`, `L'utente non esiste nella directory`, `De gebruiker bestaat niet in de directory`, `Użytkownik nie istnieje w katalogu`,
			`Uživatel v adresáři neexistuje`, `Пользователь не существует в каталоге`, `ユーザーがディレクトリに存在しません`, `目录中不存在该用户`, `Kullanıcı dizinde yok`,
			`Die Anwendung gibt es im Mandanten nicht`, `L'application n'existe pas dans le locataire`, `La aplicación no existe en el inquilino`,
			`O aplicativo não existe no locatário`, `L'applicazione non esiste nel tenant`, `De toepassing bestaat niet in de tenant`, `Aplikacja nie istnieje w dzierżawie`,
			`Приложение не найдено в клиенте`, `アプリケーションがテナントに見つかりません`, `租户中找不到该应用`, `Uygulama kiracıda bulunamadı`,
		}},
	})
}
