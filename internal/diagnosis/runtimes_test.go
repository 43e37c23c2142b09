package diagnosis

import "testing"

// TestNetworkMessagesOfRuntimes: operating systems and libraries say the same
// thing in many ways. What a machine alone cannot tell is left open by all.
func TestNetworkMessagesOfRuntimes(t *testing.T) {
	checkDocumented(t, PhaseNetwork, Generic, []documented{
		// Name resolution.
		means("dial tcp: lookup smtp.contoso.test: no such host", "dns-not-resolved", "wrong-host-name"),
		means("getaddrinfo ENOTFOUND smtp.contoso.test", "dns-not-resolved", "wrong-host-name"),
		means("getaddrinfo EAI_AGAIN smtp.contoso.test", "dns-not-resolved"),
		means("socket.gaierror: [Errno -2] Name or service not known", "dns-not-resolved", "wrong-host-name"),
		means("socket.gaierror: [Errno -3] Temporary failure in name resolution", "dns-not-resolved"),
		means("socket.gaierror: [Errno 8] nodename nor servname provided, or not known", "dns-not-resolved", "wrong-host-name"),
		means("socket.gaierror: [Errno 11001] getaddrinfo failed", "dns-not-resolved", "wrong-host-name"),
		means("java.net.UnknownHostException: smtp.contoso.test", "dns-not-resolved", "wrong-host-name"),
		means("System.Net.Sockets.SocketException (11001): No such host is known.", "dns-not-resolved", "wrong-host-name"),
		means("Es ist kein derartiger Host bekannt", "dns-not-resolved", "wrong-host-name"),
		means("Hôte inconnu.", "dns-not-resolved", "wrong-host-name"),
		means("Host desconocido", "dns-not-resolved", "wrong-host-name"),
		means("curl: (6) Could not resolve host: smtp.contoso.test", "dns-not-resolved", "wrong-host-name"),
		means("php_network_getaddresses: getaddrinfo failed: Name or service not known", "dns-not-resolved", "wrong-host-name"),
		means("Der Remotename konnte nicht aufgelöst werden: 'smtp.contoso.test'", "dns-not-resolved", "wrong-host-name"),
		means("The remote name could not be resolved: 'smtp.contoso.test'", "dns-not-resolved", "wrong-host-name"),
		means("wget: unable to resolve host address 'smtp.contoso.test'", "dns-not-resolved", "wrong-host-name"),
		means("net::ERR_NAME_NOT_RESOLVED", "dns-not-resolved", "wrong-host-name"),

		// Nobody listens, or a filter sends the packets back.
		means("dial tcp 192.0.2.1:587: connect: connection refused", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("connect ECONNREFUSED 192.0.2.1:587", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("ConnectionRefusedError: [Errno 111] Connection refused", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("[WinError 10061] No connection could be made because the target machine actively refused it", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("Aucune connexion n'a pu être établie car l'ordinateur cible l'a expressément refusée", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("No se puede establecer una conexión ya que el equipo de destino denegó expresamente dicha conexión", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("java.net.ConnectException: Connection refused (Connection refused)", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("net::ERR_CONNECTION_REFUSED", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),
		means("curl: (7) Failed to connect to smtp.contoso.test port 587: Connection refused", "port-blocked", "wrong-port-or-encryption", "wrong-host-name"),

		// Nothing comes back.
		means("dial tcp 192.0.2.1:587: i/o timeout", "port-blocked", "server-timeout"),
		means("connect ETIMEDOUT 192.0.2.1:587", "port-blocked", "server-timeout"),
		means("TimeoutError: [Errno 110] Connection timed out", "port-blocked", "server-timeout"),
		means("java.net.SocketTimeoutException: connect timed out", "port-blocked", "server-timeout"),
		means("A connection attempt failed because the connected party did not properly respond after a period of time (10060)", "port-blocked", "server-timeout"),
		means("Ein Verbindungsversuch ist fehlgeschlagen, da die Gegenstelle nach einer bestimmten Zeitspanne nicht richtig reagiert hat", "port-blocked", "server-timeout"),
		means("Une tentative de connexion a échoué car le parti connecté n'a pas répondu convenablement au-delà d'une certaine durée", "port-blocked", "server-timeout"),
		means("Se produjo un error durante el intento de conexión ya que la parte conectada no respondió adecuadamente tras un periodo de tiempo", "port-blocked", "server-timeout"),
		means("curl: (28) Connection timed out after 30001 milliseconds", "port-blocked", "server-timeout"),
		means("net::ERR_CONNECTION_TIMED_OUT", "port-blocked", "server-timeout"),

		// No way there.
		means("dial tcp [2001:db8::1]:587: connect: network is unreachable", "network-no-route-ipv6"),
		means("connect ENETUNREACH 2001:db8::1:587 - Local (:::0)", "network-no-route-ipv6"),
		means("dial tcp 192.0.2.1:587: connect: no route to host", "port-blocked", "network-no-route-ipv6"),
		means("java.net.NoRouteToHostException: No route to host", "port-blocked", "network-no-route-ipv6"),
		means("connect EHOSTUNREACH 192.0.2.1:587", "port-blocked", "network-no-route-ipv6"),

		// Cut in the middle.
		means("read tcp 192.0.2.9:50000->192.0.2.1:587: read: connection reset by peer", CauseNetworkConnectionReset),
		means("read ECONNRESET", CauseNetworkConnectionReset),
		means("ConnectionResetError: [Errno 104] Connection reset by peer", CauseNetworkConnectionReset),
		means("An existing connection was forcibly closed by the remote host (10054)", CauseNetworkConnectionReset),
		means("Eine vorhandene Verbindung wurde vom Remotehost geschlossen", CauseNetworkConnectionReset),
		means("Une connexion existante a dû être fermée par l'hôte distant", CauseNetworkConnectionReset),
		means("Se ha forzado la interrupción de una conexión existente por el host remoto", CauseNetworkConnectionReset),
		means("java.net.SocketException: Connection reset", CauseNetworkConnectionReset),
		means("write EPIPE", CauseNetworkConnectionReset),
		means("BrokenPipeError: [Errno 32] Broken pipe", CauseNetworkConnectionReset),
		means("java.net.SocketException: Software caused connection abort: recv failed", CauseNetworkConnectionReset),

		// Proxies.
		means("407 Proxy Authentication Required", "proxy-auth-required"),
		means("proxyconnect tcp: dial tcp 192.0.2.7:3128: connect: connection refused", "proxy-unreachable"),
		means("Tunnel connection failed: 407 Proxy Authentication Required", "proxy-auth-required"),
		means("net::ERR_PROXY_CONNECTION_FAILED", "proxy-unreachable"),
		means("Received HTTP code 407 from proxy after CONNECT", "proxy-auth-required"),
	})
}

// TestTLSMessagesOfRuntimes: what libraries say of certificates and versions.
func TestTLSMessagesOfRuntimes(t *testing.T) {
	untrusted := []Cause{"tls-interception-untrusted-ca", "tls-self-signed", "tls-server-chain-incomplete", "local-ca-store-broken"}
	checkDocumented(t, PhaseTLS, Generic, []documented{
		// Nobody known has signed it.
		means("x509: certificate signed by unknown authority", untrusted...),
		means("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1129)", untrusted...),
		means("verify error:num=20:unable to get local issuer certificate", untrusted...),
		means("verify error:num=21:unable to verify the first certificate", untrusted...),
		means("Error: unable to verify the first certificate UNABLE_TO_VERIFY_LEAF_SIGNATURE", untrusted...),
		means("UNABLE_TO_GET_ISSUER_CERT_LOCALLY", untrusted...),
		means("PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target", untrusted...),
		means("RemoteCertificateChainErrors", untrusted...),
		means("The certificate chain was issued by an authority that is not trusted", untrusted...),
		means("Die Zertifikatkette wurde von einer nicht vertrauenswürdigen Zertifizierungsstelle ausgestellt", untrusted...),
		means("SEC_ERROR_UNKNOWN_ISSUER", untrusted...),
		means("curl: (60) SSL certificate problem: unable to get local issuer certificate", untrusted...),
		means("CERT_E_UNTRUSTEDROOT", untrusted...),
		means("The certificate is NOT trusted. The certificate issuer is unknown.", untrusted...),
		means("net::ERR_CERT_AUTHORITY_INVALID", untrusted...),

		// Signed by itself.
		means("DEPTH_ZERO_SELF_SIGNED_CERT", "tls-self-signed"),
		means("verify error:num=18:self signed certificate", "tls-self-signed"),
		means("certificate verify failed: self signed certificate (_ssl.c:1129)", "tls-self-signed"),
		means("self-signed certificate in certificate chain SELF_SIGNED_CERT_IN_CHAIN", "tls-interception-untrusted-ca", "tls-self-signed"),
		means("MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", "tls-self-signed"),

		// Another name.
		means("x509: certificate is valid for mx.contoso.test, not smtp.contoso.test", "tls-name-mismatch"),
		means("x509: certificate is not valid for any names, but wanted to match smtp.contoso.test", "tls-name-mismatch"),
		means("Hostname mismatch, certificate is not valid for 'smtp.contoso.test'", "tls-name-mismatch"),
		means("ERR_TLS_CERT_ALTNAME_INVALID", "tls-name-mismatch"),
		means("Hostname/IP does not match certificate's altnames", "tls-name-mismatch"),
		means("java.security.cert.CertificateException: No subject alternative names present", "tls-name-mismatch"),
		means("No name matching smtp.contoso.test found", "tls-name-mismatch"),
		means("RemoteCertificateNameMismatch", "tls-name-mismatch"),
		means("SSL_ERROR_BAD_CERT_DOMAIN", "tls-name-mismatch"),
		means("CERT_E_CN_NO_MATCH", "tls-name-mismatch"),
		means("The target principal name is incorrect", "tls-name-mismatch"),
		means("Der Zielprinzipalname ist falsch", "tls-name-mismatch"),
		means("net::ERR_CERT_COMMON_NAME_INVALID", "tls-name-mismatch"),
		means("Peer certificate CN=`mx.contoso.test' did not match expected CN=`smtp.contoso.test'", "tls-name-mismatch"),

		// Over, or not begun.
		means("x509: certificate has expired or is not yet valid", "tls-certificate-expired", "clock-skew"),
		means("CERT_HAS_EXPIRED", "tls-certificate-expired", "clock-skew"),
		means("verify error:num=10:certificate has expired", "tls-certificate-expired", "clock-skew"),
		means("java.security.cert.CertificateExpiredException: NotAfter", "tls-certificate-expired", "clock-skew"),
		means("java.security.cert.CertificateNotYetValidException: NotBefore", "clock-skew", "tls-certificate-expired"),
		means("SEC_ERROR_EXPIRED_CERTIFICATE", "tls-certificate-expired", "clock-skew"),
		means("verify error:num=9:certificate is not yet valid", "clock-skew", "tls-certificate-expired"),
		means("Das Zertifikat ist abgelaufen", "tls-certificate-expired", "clock-skew"),
		means("Le certificat a expiré", "tls-certificate-expired", "clock-skew"),
		means("El certificado ha caducado", "tls-certificate-expired", "clock-skew"),
		means("net::ERR_CERT_DATE_INVALID", "tls-certificate-expired", "clock-skew"),

		// Versions and ciphers.
		means("tls: protocol version not supported", "tls-version-too-old"),
		means("remote error: tls: protocol version not supported", "tls-version-too-old"),
		means("tls: server selected unsupported protocol version 301", "tls-version-too-old"),
		means("error:0A000102:SSL routines::unsupported protocol", "tls-version-too-old"),
		means("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert protocol version", "tls-version-too-old"),
		means("javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)", "tls-version-too-old"),
		means("Received fatal alert: protocol_version", "tls-version-too-old"),
		means("error:0A00014D:SSL routines::legacy sigalg disallowed or unsupported", "tls-version-too-old"),
		means("dh key too small", "tls-version-too-old"),
		means("421 4.7.66 TLS 1.0 and 1.1 are not supported. Please upgrade/update your client to support TLS 1.2.", "tls-version-too-old"),
		means("SSL_ERROR_UNSUPPORTED_VERSION", "tls-version-too-old"),
		means("The client and server cannot communicate, because they do not possess a common algorithm", "tls-version-too-old"),
		means("Client und Server können nicht miteinander kommunizieren, da sie nicht über einen gemeinsamen Algorithmus verfügen", "tls-version-too-old"),

		// No TLS at all on the other side.
		means("tls: first record does not look like a TLS handshake", "wrong-port-or-encryption"),
		means("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)", "wrong-port-or-encryption"),
		means("error:1408F10B:SSL routines:ssl3_get_record:wrong version number", "wrong-port-or-encryption"),
		means("Unrecognized SSL message, plaintext connection?", "wrong-port-or-encryption"),
		means("error:140770FC:SSL routines:SSL23_GET_SERVER_HELLO:unknown protocol", "wrong-port-or-encryption"),
		means("SSL_ERROR_RX_RECORD_TOO_LONG", "wrong-port-or-encryption"),
		means("gnutls_handshake() failed: An unexpected TLS packet was received.", "wrong-port-or-encryption"),
		means("SSL received a record that exceeded the maximum permissible length", "wrong-port-or-encryption"),
	})
}
