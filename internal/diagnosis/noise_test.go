package diagnosis

import (
	"strings"
	"testing"
)

// TestSurroundingsDecideNothing pastes below a message what people copy with
// it: a stack trace, the place in a script, a courtesy sentence. None of it
// may change the first cause.
func TestSurroundingsDecideNothing(t *testing.T) {
	messages := []struct {
		phase Phase
		text  string
	}{
		{PhaseSMTP, "Failure sending mail."},
		{PhaseSMTP, "SMTP connect() failed."},
		{PhaseIMAP, "Could not connect to the mail server."},
		{PhaseSMTP, "535 5.7.8 Error: authentication failed"},
		{PhaseIMAP, "Login failed."},
		{PhaseSMTP, "E-Mail konnte nicht gesendet werden."},
		{PhaseSMTP, "Erreur lors de l'envoi du message."},
		{PhaseToken, "Could not get a token."},
		{PhaseIMAP, "connect ECONNREFUSED 192.0.2.1:993"},
		{PhaseSMTP, "certificate verify failed"},
	}
	surroundings := []string{
		"\n    + CategoryInfo          : NotSpecified: (:) [], MethodInvocationException\n    + FullyQualifiedErrorId : SmtpException",
		"\nIn C:\\scripts\\send.ps1:10 Zeichen:4\n+ $smtp.Send($msg)\n+ ~~~~~~~~~~~~~~~~",
		"\nAu caractère C:\\scripts\\send.ps1:10 : 4\n+ $smtp.Send($msg)",
		"\nEn C:\\scripts\\send.ps1: 10 Carácter: 4\n+ $smtp.Send($msg)",
		"\n所在位置 C:\\scripts\\send.ps1:10 字符: 4\n+ $smtp.Send($msg)",
		"\n発生場所 C:\\scripts\\send.ps1:10 文字:4",
		"\nC:\\scripts\\send.ps1:10 знак:4",
		"\nW wierszu:1 znak:1",
		" [/var/www/html/wp-content/plugins/wp-mail-smtp/vendor/phpmailer/phpmailer/src/SMTP.php line 387]",
		"\n#0 /var/www/html/vendor/laravel/framework/src/Illuminate/Mail/Mailer.php(483): Swift_Mailer->send(Object(Swift_Message), Array)",
		"\nTraceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/app/worker.py\", line 107, in send\n    self.send_message(msg)",
		"\n\tat com.sun.mail.smtp.SMTPTransport.protocolConnect(SMTPTransport.java:712)\n\tat javax.mail.Service.connect(Service.java:388)",
		"\n   at MailKit.Net.Smtp.SmtpClient.ConnectAsync(String host, Int32 port, SecureSocketOptions options, CancellationToken cancellationToken)\n   --- End of inner exception stack trace ---",
		"\n   bei System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Ende der internen Ausnahmestapelüberwachung ---",
		"\n   à System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Fin de la trace de la pile d'exception interne ---",
		"\n   en System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Fin del seguimiento de la pila de la excepción interna ---",
		"\n   em System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Fim do rastreamento de pilha de exceções internas ---",
		"\n   在 System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- 内部异常堆栈跟踪的结尾 ---",
		"\n   場所 System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- 内部例外スタック トレースの終わり ---",
		"\n   в System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Конец трассировки внутреннего стека исключений ---",
		"\n   w System.Net.Mail.SmtpClient.Send(MailMessage message)\n   --- Koniec śladu stosu wyjątków wewnętrznych ---",
		"\nfrom /usr/lib/ruby/2.5.0/net/smtp.rb:545:in `open'",
		"\n2024-05-01 12:00:00.123 ERROR [http-nio-8080-exec-1] c.e.mail.service.impl.EmailServiceImpl :",
		"\nPlease contact your system administrator for assistance.",
		"\nVeuillez contacter votre administrateur.",
		"\nPóngase en contacto con el administrador.",
		"\nSkontaktuj się z administratorem.",
		"\nОбратитесь к администратору.",
		"\n请联系管理员。",
		"\n管理者に問い合わせてください。",
		"\nPlease check your settings and try again.",
		"\nÜberprüfen Sie die Einstellungen und versuchen Sie es erneut.",
		"\nVérifiez les paramètres et réessayez.",
		"\nCompruebe la configuración e inténtelo de nuevo.",
		"\nVerifique as configurações e tente novamente.",
		"\nSprawdź ustawienia i spróbuj ponownie.",
		"\nПроверьте настройки и повторите попытку.",
		"\n请检查设置后重试。",
		"\n設定を確認して、もう一度お試しください。",
		"\nControlla le impostazioni e riprova.",
		"\nAyarları kontrol edip yeniden deneyin.",
		"\nZkontrolujte nastavení a zkuste to znovu.",
		"\nControleer de instellingen en probeer het opnieuw.",
		"\nThis worked yesterday, I did not change anything. What can I do?",
		"\nGestern ging es noch, ich habe nichts geändert. Was kann ich tun?",
		"\nHier ça marchait encore, je n'ai rien changé. Que faire ?",
		"\nAyer funcionaba, no he cambiado nada. ¿Qué puedo hacer?",
		"\n昨日までは動いていました。どうすればよいですか?",
		"\n昨天还可以，什么都没改，怎么办？",
		"\nВчера всё работало, ничего не менял. Что делать?",
	}
	for _, message := range messages {
		alone := ExplainText(message.text, message.phase, Generic)[0].Cause
		for _, around := range surroundings {
			if got := ExplainText(message.text+around, message.phase, Generic)[0].Cause; got != alone {
				t.Errorf("%s %q with %q: %s, alone %s", message.phase, message.text, around, got, alone)
			}
		}
	}
}

// TestWrappersDecideNothing puts a reason into what frameworks wrap every
// error in: an exception that means no more than that something failed, a
// status of the program's own interface, the end of a task. The reason counts.
func TestWrappersDecideNothing(t *testing.T) {
	reasons := []struct {
		phase Phase
		text  string
		cause Cause
	}{
		{PhaseSMTP, "connect ECONNREFUSED 192.0.2.1:587", "port-blocked"},
		{PhaseIMAP, "Login failed: user name or password is wrong", "password-wrong"},
		{PhaseSMTP, "certificate has expired", "tls-certificate-expired"},
		{PhaseSMTP, "Read timed out", "server-timeout"},
		{PhaseToken, "The client secret has expired", "client-secret-expired"},
		{PhaseSMTP, "552 5.3.4 Message size exceeds fixed limit", "message-too-large"},
		{PhaseRefresh, "the refresh token has been revoked", "refresh-token-revoked"},
	}
	wrappers := []string{
		"PHP Fatal error:  Uncaught RuntimeException: %s in /var/www/html/src/Client.php:212\nStack trace:\n#0 {main}\n  thrown in /var/www/html/src/Client.php on line 212",
		"[2026-11-30 10:11:12] production.ERROR: %s {\"exception\":\"[object] (RuntimeException(code: 0): ...)\"}",
		"Error performing ActionMailer::MailDeliveryJob (Job ID: 4711) from Sidekiq(mailers) in 812.5ms: RuntimeError (%s)",
		"thread 'main' panicked at src/main.rs:42:10:\n%s\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
		"** (RuntimeError) %s\n    (my_app 0.1.0) lib/my_app/worker.ex:42: MyApp.Worker.run/1",
		"Run-time error '-2147467259 (80004005)':\n\n%s",
		"Unhandled exception. System.InvalidOperationException: Could not do it ---> %s",
		`{"success":false,"data":null,"errors":[{"code":"INTERNAL_SERVER_ERROR","status":500,"detail":"%s"}]}`,
		"airflow.exceptions.AirflowException: %s\nINFO - Task exited with return code 1",
		"The mail could not be sent to the recipients because of the mail server failure. (Exception Message: %s)",
		"An internal error occurred. Details: %s",
		"javax.mail.MessagingException: Exception reading response;\n  nested exception is:\n\t%s",
	}
	for _, reason := range reasons {
		for _, wrapper := range wrappers {
			text := strings.Replace(wrapper, "%s", reason.text, 1)
			if got := ExplainText(text, reason.phase, Generic)[0].Cause; got != reason.cause {
				t.Errorf("%s %q: %s, want %s", reason.phase, text, got, reason.cause)
			}
		}
	}
}
