package diagnosis

import "testing"

// TestMailServersInManyLanguages: what mail servers of several countries
// answer where an account, a limit or a message is at fault.
func TestMailServersInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{Generic, []Phase{PhaseSMTP}, []Cause{"protocol-disabled-at-provider", "password-wrong"}, []string{
			`550 User has no permission`, `535 Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.`,
			`535 Error: 请使用授权码登录。详情请看: http://service.mail.qq.com/cgi-bin/help`, `535 5.7.8 Error: authentication failed: This user does not have access rights to this service`,
			`535 5.7.0 NEOBHODIM parol prilozheniya https://help.mail.ru/mail/security/protection/external / Application password is REQUIRED`,
			`535 5.7.1 Nieprawidlowy login lub haslo`, `535 5.7.8 Niepoprawny login lub hasło`, `535 Blad autoryzacji`, `535 Błąd uwierzytelniania`,
			`Dostęp do skrzynki przez programy pocztowe jest wyłączony`, `Zugriff über POP3/IMAP ist nicht aktiviert`, `POP3 und IMAP Zugriff erlauben`,
			`Accesso POP/IMAP non abilitato`, `L'accès POP/IMAP est désactivé`, `El acceso POP/IMAP no está habilitado`, `邮箱未开启SMTP服务`, `未开启POP3/SMTP服务`, `该账号未开通IMAP服务`,
			`SMTP服务未开启`, `IMAP доступ отключен`, `доступ по протоколу IMAP запрещен в настройках`, `Přístup přes IMAP je zakázán`, `IMAP erişimi kapalı`,
			`535 5.7.8 Ověření se nezdařilo: neplatné jméno nebo heslo`, `535 Kullanıcı adı veya şifre yanlış`, `535 認証に失敗しました`, `535 5.7.0 Benutzername oder Passwort falsch`,
			`535 5.7.8 Utilisateur ou mot de passe invalide`, `535 5.7.8 Usuario o contraseña no válidos`, `535 5.7.8 Usuário ou senha inválido`,
			`535 5.7.8 Nome utente o password errati`, `535 5.7.8 Ongeldige gebruikersnaam of wachtwoord`, `535 5.7.8 Неверный логин или пароль`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"send-as-denied"}, []string{
			`553 Mail from must equal authorized user`, `501 Mail from address must be same as authorization user`,
			`440 mail from account doesn't conform with authentication (Auth Account:a|Mail Account:b)`, `553 5.7.1 Sender address rejected: not owned by auth user.`,
			`550 Absenderadresse gehört nicht zum Konto`, `550 Die Absenderadresse ist nicht erlaubt`, `553 L'adresse de l'expéditeur ne correspond pas au compte`,
			`553 El remitente no coincide con el usuario autenticado`, `553 O remetente não corresponde ao usuário autenticado`,
			`553 Il mittente non corrisponde all'utente autenticato`, `553 Adres nadawcy nie zgadza się z kontem`, `553 发件人地址与认证用户不一致`, `553 发件人必须与登录用户一致`,
			`553 送信元アドレスが認証ユーザーと一致しません`, `553 Адрес отправителя не совпадает с авторизованным пользователем`, `553 Gönderen adresi kimliği doğrulanan kullanıcıyla eşleşmiyor`,
			`553 Afzender komt niet overeen met de gebruiker`, `553 Adresa odesílatele neodpovídá přihlášenému uživateli`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"outbound-spam-block", "recipient-policy-rejected"}, []string{
			`554 DT:SPM 163 smtp10,DsCowAB`, `550 Mail content denied`, `554 5.7.1 Message rejected under suspicion of SPAM; https://ya.cc/1IrBc`,
			`550 spam message rejected. Please visit http://help.mail.ru/notspam-support`, `554 Nachricht wurde als Spam abgelehnt`, `554 Message rejeté car considéré comme spam`,
			`554 Mensaje rechazado por sospecha de spam`, `554 Mensagem rejeitada por suspeita de spam`, `554 Messaggio rifiutato perché ritenuto spam`,
			`554 Wiadomość odrzucona jako spam`, `554 邮件被判定为垃圾邮件`, `554 迷惑メールと判定されました`, `554 Письмо отклонено как спам`, `554 İleti spam olarak reddedildi`,
			`554 Bericht geweigerd als spam`, `554 Zpráva odmítnuta jako spam`, `550 Ihre IP-Adresse steht auf einer Sperrliste`, `550 Votre adresse IP est sur liste noire`,
			`550 Su dirección IP está en una lista negra`, `550 Seu IP está em lista negra`, `550 L'indirizzo IP è in blacklist`, `550 您的IP在黑名单中`, `550 Ваш IP в черном списке`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"sending-limit-exceeded", "provider-rate-limited"}, []string{
			`550 Ip frequency limited`, `Sie haben Ihr Tageslimit für den Versand erreicht`, `Tageslimit überschritten: zu viele Empfänger`, `Limite d'envoi quotidienne dépassée`,
			`Vous avez atteint la limite d'envoi`, `Ha superado el límite de envío diario`, `Limite diário de envio excedido`, `Limite giornaliero di invio superato`,
			`Daglimiet voor verzenden overschreden`, `Przekroczono dzienny limit wysyłki`, `发送频率超过限制`, `当日发送数量超限`, `送信数の上限に達しました`, `1日の送信上限を超えました`,
			`Превышен суточный лимит отправки`, `Günlük gönderim limiti aşıldı`, `Překročen denní limit odeslaných zpráv`,
		}},
		{Generic, []Phase{PhaseIMAP}, []Cause{"too-many-connections", "provider-rate-limited"}, []string{
			`Zu viele gleichzeitige Verbindungen`, `Trop de connexions simultanées`, `Demasiadas conexiones simultáneas`, `Muitas conexões simultâneas`,
			`Troppe connessioni simultanee`, `Te veel gelijktijdige verbindingen`, `Zbyt wiele jednoczesnych połączeń`, `Příliš mnoho současných připojení`,
			`Слишком много одновременных подключений`, `同時接続数が多すぎます`, `并发连接数过多`, `连接数过多`, `Çok fazla eşzamanlı bağlantı`,
		}},
		{Generic, []Phase{PhaseIMAP}, []Cause{"user-account-locked", "user-account-disabled"}, []string{
			`Ihr Konto wurde gesperrt`, `Das Konto ist deaktiviert`, `Votre compte a été bloqué`, `Le compte est désactivé`, `Su cuenta ha sido bloqueada`,
			`La cuenta está deshabilitada`, `Sua conta foi bloqueada`, `A conta está desativada`, `Il tuo account è stato bloccato`, `L'account è disabilitato`,
			`Uw account is geblokkeerd`, `Konto zostało zablokowane`, `Účet byl zablokován`, `Учетная запись заблокирована`, `Аккаунт отключен`, `アカウントがロックされています`, `アカウントは無効です`,
			`账号已被锁定`, `帐户已禁用`, `Hesabınız kilitlendi`, `Hesap devre dışı`,
		}},
		{Generic, []Phase{PhaseSMTP}, []Cause{"message-too-large"}, []string{
			`Die Nachricht ist zu groß`, `Le message est trop volumineux`, `El mensaje es demasiado grande`, `A mensagem é muito grande`, `Il messaggio è troppo grande`,
			`Het bericht is te groot`, `Wiadomość jest zbyt duża`, `Zpráva je příliš velká`, `Сообщение слишком большое`, `メッセージのサイズが大きすぎます`, `邮件太大`, `İleti çok büyük`,
			`Anhang zu groß: maximale Größe überschritten`,
		}},
		{Generic, []Phase{PhaseSMTP, PhaseIMAP}, []Cause{"provider-temporary-error"}, []string{
			`Der Dienst ist vorübergehend nicht verfügbar`, `Service temporairement indisponible`, `Servicio no disponible temporalmente`, `Serviço temporariamente indisponível`,
			`Servizio temporaneamente non disponibile`, `Service tijdelijk niet beschikbaar`, `Usługa tymczasowo niedostępna`, `Služba je dočasně nedostupná`,
			`Сервис временно недоступен`, `サービスは一時的に利用できません`, `服务暂时不可用`, `Hizmet geçici olarak kullanılamıyor`, `Bitte versuchen Sie es später erneut: Serverfehler`,
			`Erreur temporaire, réessayez plus tard`, `Interner Serverfehler`, `Erreur interne du serveur`, `Error interno del servidor`, `Erro interno do servidor`,
			`Errore interno del server`, `Внутренняя ошибка сервера`, `服务器内部错误`, `サーバー内部エラー`, `Sunucu iç hatası`, `Interní chyba serveru`, `Wewnętrzny błąd serwera`,
		}},
	})
}
