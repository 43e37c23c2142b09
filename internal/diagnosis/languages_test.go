package diagnosis

import (
	"slices"
	"testing"
)

// abroad are messages that mean the same, in several languages.
type abroad struct {
	provider Provider // by the phase, where it is empty
	phases   []Phase
	causes   []Cause
	messages []string
}

// TestSystemMessagesInManyLanguages: what Windows, .NET, the C library, key
// stores and browsers say before any sign-in, as machines of other languages
// word it. Each is understood in every part of the work it can end.
func TestSystemMessagesInManyLanguages(t *testing.T) {
	checkAbroad(t, []abroad{
		{"", []Phase{PhaseSMTP, PhaseToken, PhaseTLS}, []Cause{"tls-version-too-old"}, []string{
			`The request was aborted: Could not create SSL/TLS secure channel.`, `Die Anfrage wurde abgebrochen: Es konnte kein geschützter SSL/TLS-Kanal erstellt werden.`,
			`La demande a été abandonnée : Impossible de créer un canal sécurisé SSL/TLS.`, `Se ha terminado la solicitud: No se puede crear un canal seguro SSL/TLS.`,
			`A solicitação foi anulada: Não foi possível criar um canal seguro para SSL/TLS.`, `Richiesta annullata: Impossibile creare un canale sicuro SSL/TLS.`,
			`De aanvraag is afgebroken: Kan geen beveiligd SSL/TLS-kanaal maken.`, `Żądanie zostało przerwane: Nie można utworzyć bezpiecznego kanału SSL/TLS.`,
			`Запрос был прерван: Не удалось создать защищенный канал SSL/TLS.`, `请求被中止: 未能创建 SSL/TLS 安全通道。`, `要求は中止されました: SSL/TLS のセキュリティで保護されているチャネルを作成できませんでした。`,
			`İstek durduruldu: SSL/TLS güvenli kanalı oluşturulamadı.`, `Požadavek byl přerušen: Nelze vytvořit zabezpečený kanál SSL/TLS.`,
			`Der Client und der Server können keine Daten austauschen, da sie nicht über einen gemeinsamen Algorithmus verfügen`,
			`Le client et le serveur ne peuvent pas communiquer, car ils ne possèdent pas un algorithme commun`,
			`El cliente y el servidor no se pueden comunicar porque no tienen un algoritmo común`,
			`Impossibile stabilire la comunicazione tra client e server. Nessun algoritmo comune.`,
			`O cliente e o servidor não podem se comunicar porque não possuem um algoritmo em comum`, `客户端和服务器无法通信，因为它们没有公用的算法`, `クライアントとサーバーは一般的なアルゴリズムを所有していないため、通信できません。`,
			`Клиент и сервер не могут взаимодействовать, поскольку не обладают общим алгоритмом`,
		}},
		{"", []Phase{PhaseSMTP, PhaseToken}, []Cause{"tls-self-signed", "tls-interception-untrusted-ca", "tls-server-chain-incomplete", "local-ca-store-broken"}, []string{
			`The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.`,
			`Die zugrunde liegende Verbindung wurde geschlossen: Für den geschützten SSL/TLS-Kanal konnte keine Vertrauensstellung hergestellt werden..`,
			`La connexion sous-jacente a été fermée : Impossible d'établir une relation de confiance pour le canal sécurisé SSL/TLS.`,
			`Se ha terminado la conexión: No se puede establecer una relación de confianza para el canal seguro SSL/TLS.`,
			`A conexão subjacente estava fechada: Não foi possível estabelecer relação de confiança para o canal seguro de SSL/TLS.`,
			`Connessione sottostante chiusa: Impossibile stabilire una relazione di trust per il canale sicuro SSL/TLS.`, `基础连接已经关闭: 未能为 SSL/TLS 安全通道建立信任关系。`,
			`接続が切断されました: SSL/TLS のセキュリティで保護されているチャネルに対する信頼関係を確立できませんでした。`,
			`Базовое соединение закрыто: Не удалось установить доверительные отношения для защищенного канала SSL/TLS.`,
			`Połączenie podstawowe zostało zakończone: Nie można ustanowić relacji zaufania dla bezpiecznego kanału SSL/TLS.`,
			`Vzdálený certifikát je podle ověřovací procedury neplatný.`, `Uzak sertifika doğrulama yordamına göre geçersiz.`,
			`Le certificat distant n'est pas valide selon la procédure de validation.`, `El certificado remoto no es válido según el procedimiento de validación.`,
			`根据验证过程，远程证书无效。`, `Het externe certificaat is ongeldig volgens de validatieprocedure.`, `Zdalny certyfikat jest nieprawidłowy zgodnie z procedurą weryfikacji.`,
		}},
		{"", []Phase{PhaseSMTP, PhaseToken, PhaseNetwork}, []Cause{"dns-not-resolved", "wrong-host-name"}, []string{
			`WinHttp: 12007 The server name or address could not be resolved`, `WinHttpSendRequest: 12007: Der Servername oder die Serveradresse konnte nicht verarbeitet werden`,
			`Le nom ou l'adresse du serveur n'a pas pu être résolu`, `No se pudo resolver el nombre de servidor o su dirección`,
			`Impossibile risolvere il nome o l'indirizzo del server`, `Não foi possível resolver o nome ou endereço do servidor`, `无法解析服务器的名称或地址`, `サーバーの名前またはアドレスを解決できませんでした`,
			`Не удается разрешить имя сервера или его адрес`, `error 0x80072EE7`, `Temporärer Fehler bei der Namensauflösung`, `Échec temporaire dans la résolution du nom`,
			`Fallo temporal en la resolución del nombre`, `Falha temporária na resolução de nome`, `Tymczasowy błąd rozwiązywania nazwy`, `Временный сбой в разрешении имен`,
			`Nieznana nazwa lub usługa`, `Имя или служба не известны`, `Neznámé jméno nebo služba`, `Naam of dienst is niet bekend`, `İsim veya servis bilinmiyor`,
			`名前またはサービスが不明です`, `未知的名称或服务`, `域名解析暂时失败`, `Nome ou serviço desconhecido`, `Nome o servizio sconosciuto`, `nodename nor servname provided, or not known`,
			`Tento hostitel není znám`, `Böyle bir ana bilgisayar bilinmiyor`,
		}},
		{"", []Phase{PhaseSMTP, PhaseToken, PhaseNetwork}, []Cause{"port-blocked", "wrong-host-name", "wrong-port-or-encryption", "server-timeout", "proxy-unreachable"}, []string{
			`error 0x80072EFD`, `12029 A connection with the server could not be established`, `Die Serververbindung konnte nicht hergestellt werden. (12029)`,
			`Impossibile stabilire una connessione con il server`, `0xCAA82EFD`, `0xCAA82EE2`, `0x80072EE2`, `Połączenie odrzucone`, `Spojení odmítnuto`, `Verbinding is geweigerd`,
			`Bağlantı reddedildi`, `接続を拒否されました`, `拒绝连接`, `Connexion terminée par expiration du délai d'attente`, `Expiró el tiempo de conexión`, `Tempo esgotado para conexão`,
			`Connessione scaduta`, `Vypršel časový limit spojení`, `Bağlantı zaman aşımına uğradı`, `连接超时`, `接続がタイムアウトしました`,
			`Nie można nawiązać połączenia, ponieważ komputer docelowy aktywnie go odmawia`, `Nebylo možné vytvořit žádné připojení, protože cílový počítač je aktivně odmítl`,
			`Hedef makine etkin olarak reddettiğinden bağlantı kurulamadı`, `Pokus o připojení selhal, neboť připojená strana v časovém intervalu řádně neodpověděla`,
			`Bağlanılan uygun olarak belli bir süre içinde yanıt vermediğinden bağlantı girişimi başarısız oldu`,
			`Une tentative d'accès à un socket de manière interdite par ses autorisations d'accès a été tentée`,
			`Intento de acceso a un socket no permitido por sus permisos de acceso`,
			`Foi feita uma tentativa de acesso a um soquete de uma maneira que é proibida pelas permissões de acesso`,
			`Tentativo di accesso al socket con modalità non consentite dalle rispettive autorizzazioni di accesso`,
			`Сделана попытка доступа к сокету методом, запрещенным правами доступа`, `以一种访问权限不允许的方式做了一个访问套接字的尝试`, `アクセス許可で禁じられた方法でソケットにアクセスしようとしました`,
		}},
		{"", []Phase{PhaseSMTP}, []Cause{"network-no-route-ipv6", "port-blocked"}, []string{
			`Une opération a été tentée sur un hôte impossible à atteindre`, `Se ha intentado una operación de socket en un host no accesible`,
			`Foi tentada uma operação de soquete em um host inacessível`, `Ein Socketvorgang bezog sich auf ein nicht verfügbares Netzwerk`,
			`Der Host war bei einem Socketvorgang nicht erreichbar`, `到達できないネットワークに対してソケット操作を実行しようとしました`, `向一个无法连接的网络尝试了一个套接字操作`,
			`Сделана попытка выполнить операцию на сокете для недоступной сети`, `Aucun chemin d'accès pour atteindre l'hôte cible`, `Le réseau n'est pas accessible`,
			`La red es inaccesible`, `A rede está fora de alcance`, `La rete non è raggiungibile`, `Sieć jest niedostępna`, `Сеть недоступна`, `Нет маршрута до узла`,
			`Síť je nedostupná`, `Netwerk is onbereikbaar`, `Geen route naar host`, `没有到主机的路由`, `网络不可达`, `ネットワークに届きません`, `ホストへの経路がありません`, `Brak trasy do hosta`,
			`Não há rota para o host`,
		}},
		{"", []Phase{PhaseIMAP, PhaseToken}, []Cause{"network-connection-reset"}, []string{
			`Connexion ré-initialisée par le correspondant`, `Conexión reinicializada por la máquina remota`, `Conexão fechada pela outra ponta`,
			`Połączenie zerwane przez drugą stronę`, `Соединение разорвано другой стороной`, `Spojení zrušeno druhou stranou`, `Verbinding is weggevallen`,
			`Bağlantı karşı taraf tarafından sıfırlandı`, `接続が相手からリセットされました`, `连接被对方重设`, `Die Serververbindung wurde aufgrund eines Fehlers beendet`,
			`The connection with the server was terminated abnormally`, `error 0x80072EFE`, `The underlying connection was closed: The connection was closed unexpectedly.`,
			`Die zugrunde liegende Verbindung wurde geschlossen: Die Verbindung wurde unerwartet getrennt.`,
			`La connexion sous-jacente a été fermée : La connexion a été interrompue de manière inattendue.`, `基础连接已经关闭: 连接被意外关闭。`,
			`Se ha terminado la conexión: La conexión ha terminado de forma inesperada.`, `A conexão subjacente estava fechada: A conexão foi encerrada de modo inesperado.`,
			`接続が切断されました: 接続が予期せずに閉じられました。`, `Datenübergabe unterbrochen (broken pipe)`, `Stávající připojení bylo vynuceně ukončeno vzdáleným hostitelem`,
			`Varolan bir bağlantı uzaktaki bir ana bilgisayar tarafından zorla kapatıldı`,
		}},
		{"", []Phase{PhaseAuthorize}, []Cause{"loopback-unavailable"}, []string{
			`Normalerweise darf jede Socketadresse (Protokoll, Netzwerkadresse oder Anschluss) nur jeweils einmal verwendet werden`,
			`Une seule utilisation de chaque adresse de socket (protocole/adresse réseau/port) est habituellement autorisée`, `Solo se permite un uso de cada dirección de socket`,
			`通常每个套接字地址(协议/网络地址/端口)只允许使用一次`, `OSError: [Errno 98] Address already in use`, `OSError: [WinError 10048]`, `java.net.BindException: Address already in use: JVM_Bind`,
			`listen tcp 127.0.0.1:8080: bind: Only one usage of each socket address`, `localhost hat die Verbindung abgelehnt.`, `localhost n'autorise pas la connexion.`,
			`La página localhost ha rechazado la conexión.`, `A conexão com localhost foi recusada.`, `localhost で接続が拒否されました。`,
			`Сайт localhost не позволяет установить соединение.`, `Error: listen EACCES: permission denied 127.0.0.1:80`, `Die Adresse wird bereits verwendet`,
			`Permission denied: bind`, `This site can’t be reached localhost refused to connect. ERR_CONNECTION_REFUSED`,
			`HttpListenerException: Failed to listen on prefix 'http://localhost:8400/' because it conflicts with an existing registration on the machine.`,
			`Die Website ist nicht erreichbar localhost hat die Verbindung abgelehnt. ERR_CONNECTION_REFUSED`,
		}},
		{"", []Phase{PhaseToken, PhaseRefresh}, []Cause{"store-key-unavailable", "store-damaged"}, []string{
			`System.Security.Cryptography.CryptographicException: Keyset does not exist`, `Schlüssel ist im angegebenen Status nicht gültig.`,
			`La clé n'est pas valide pour l'utilisation dans l'état spécifié.`, `Clave no válida para utilizar en el estado especificado.`, `该项不适于在指定状态下使用。`,
			`System.Security.Cryptography.CryptographicException: The data is invalid. at System.Security.Cryptography.ProtectedData.Unprotect`, `cryptography.fernet.InvalidToken`,
			`cipher: message authentication failed`, `The name org.freedesktop.secrets was not provided by any .service files`,
			`secretservice: Object does not exist at path "/org/freedesktop/secrets/collection/login"`,
			`MsalCachePersistenceException: Persistence check failed. Data was written but it could not be read. Possible cause: on Linux, LibSecret is installed but D-Bus isn't running because it cannot be started over SSH.`,
			`errSecInteractionNotAllowed (-25308): User interaction is not allowed.`, `keyring.errors.NoKeyringError: No recommended backend was available.`,
			`keyring.errors.KeyringLocked: Failed to unlock the collection!`, `Error while decrypting the ciphertext provided to safeStorage.decryptString.`,
			`The computer's trusted platform module has malfunctioned. Error code: 80090016`, `Padding is invalid and cannot be removed.`,
			`dbus-launch: not found exec: "dbus-launch": executable file not found in $PATH`, `The stub received bad data.`,
			`A specified logon session does not exist. It may already have been terminated.`, `pywintypes.error: (1783, 'CredWrite', 'The stub received bad data.')`,
		}},
		{"", []Phase{PhaseAuthorize}, []Cause{"browser-not-started"}, []string{
			`webbrowser.Error: could not locate runnable browser`, `exec: "xdg-open": executable file not found in $PATH`, `xdg-open: no method available for opening`,
			`Error: spawn xdg-open ENOENT`, `Unable to open a web page using xdg-open, gnome-open, kfmclient or wslview tools.`,
			`MsalClientException: Unable to open a web page using xdg-open`, `Kein Browser gefunden`, `Es konnte kein Browser geöffnet werden`,
			`couldn't find a suitable web browser!`, `System.ComponentModel.Win32Exception: No application is associated with the specified file for this operation`,
			`Win32Exception (0x80004005): The system cannot find the file specified at System.Diagnostics.Process.Start Microsoft.Identity.Client.Platforms.Features.DesktopOs OpenBrowser`,
		}},
		{"", []Phase{PhaseToken}, []Cause{"proxy-auth-required"}, []string{
			`Der Remoteserver hat einen Fehler zurückgegeben: (407) Proxyauthentifizierung erforderlich.`,
			`Le serveur distant a retourné une erreur : (407) Authentification proxy requise.`, `Error en el servidor remoto: (407) Se requiere autenticación del proxy.`,
			`O servidor remoto retornou um erro: (407) Autenticação de proxy necessária.`, `远程服务器返回错误: (407) 需要代理身份验证。`, `リモート サーバーがエラーを返しました: (407) プロキシ認証が必要です`,
			`Удаленный сервер возвратил ошибку: (407) Требуется проверка подлинности посредника.`,
			`Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407 Proxy Authentication Required"`, `Received HTTP code 407 from proxy after CONNECT`,
			`HTTP CONNECT response 407`, `net::ERR_PROXY_AUTH_UNSUPPORTED`,
		}},
		// Windows Sockets and WinINet as COM and .NET show them.
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"port-blocked"}, []string{`Error 0x8007274D`, `Error 0x8007274C`, `error code: 800704C9`, `Error 0x80072743`}},
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"dns-not-resolved", "wrong-host-name"}, []string{`Error 0x80072AF9`, `0x80072AFC error`, `Error 0x80072AFA`}},
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"network-connection-reset"}, []string{`Error 0x80072746`, `Error 0x80072745`}},
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"tls-version-too-old"}, []string{`Error 0x80072F8F`, `Error 0x80072F7D`, `WinHttp: 12175`}},
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"tls-certificate-expired"}, []string{`Error 0x80072F05`}},
		{"", []Phase{PhaseToken, PhaseSMTP}, []Cause{"tls-name-mismatch"}, []string{`Error 0x80072F06`}},
		{"", []Phase{PhaseToken}, []Cause{"proxy-unreachable"}, []string{
			`Der Proxyserver verweigert die Verbindung`, `Le serveur proxy refuse la connexion`, `El servidor proxy está rechazando las conexiones`, `Il server proxy sta rifiutando le connessioni`, `代理服务器拒绝连接`,
			`O servidor proxy está recusando conexões`, `De proxyserver weigert verbindingen`, `Serwer proxy odrzuca połączenia`, `Прокси-сервер отказывается принимать соединения`, `プロキシサーバーへの接続を拒否されました`,
		}},
	})
}

func checkAbroad(t *testing.T, table []abroad) {
	t.Helper()
	for _, c := range table {
		for _, phase := range c.phases {
			provider := c.provider
			switch {
			case provider != "":
			case slices.Contains([]Phase{PhaseAuthorize, PhaseToken, PhaseRefresh}, phase):
				provider = Microsoft
			default:
				provider = Generic
			}
			for _, message := range c.messages {
				if d := ExplainText(message, phase, provider)[0]; !slices.Contains(c.causes, d.Cause) {
					t.Errorf("%s/%s %q: %s %v, want one of %v", phase, provider, message, d.Certainty, d.Causes, c.causes)
				}
			}
		}
	}
}

// TestUncertainWordsProveNothing: that a certificate could not be checked is
// often said with the word for its validity, which is no date.
func TestUncertainWordsProveNothing(t *testing.T) {
	for _, message := range []string{
		`Nelze ověřit platnost certifikátu serveru.`, `Nie można sprawdzić ważności certyfikatu serwera.`, `Die Gültigkeit des Zertifikats konnte nicht geprüft werden.`,
		`Impossible de vérifier la validité du certificat.`, `No se pudo comprobar la validez del certificado.`, `Impossibile verificare la validità del certificato.`,
		`Sertifikanın geçerliliği doğrulanamadı.`, `证书不符合要求`, `無法驗證憑證的有效性`, `証明書の有効性を確認できません`, `Не удалось проверить действительность сертификата`,
	} {
		if d := ExplainText(message, PhaseSMTP, Generic)[0]; d.Certainty == Certain {
			t.Errorf("%q: %s %v", message, d.Certainty, d.Causes)
		}
	}
}
