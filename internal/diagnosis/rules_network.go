package diagnosis

// networkNames: a name leads nowhere.
var networkNames = family{
	{"no such host | ENOTFOUND | EAI_AGAIN | getaddrinfo failed | getaddrinfo & name or service not known | name or service not known | nodename nor servname | could not resolve host | couldn't resolve host | could not be resolved | cannot resolve | can't resolve | temporary failure in name resolution | name resolution fail | UnknownHostException | UnresolvedAddressException | No address associated with hostname | Non-existent domain | NXDOMAIN | SERVFAIL | host not found | unknown host | DNS … not resolve | server misbehaving | WSAHOST_NOT_FOUND | _11001_ & error | _11001_ & connect | _11001_ & fehler | _11004_ & error | _11004_ & connect | _11004_ & fehler | der angegebene Host ist unbekannt | Host unbekannt | Der Remotename konnte nicht aufgelöst | konnte nicht aufgelöst werden | Name oder Dienst nicht bekannt | der Name oder der Dienst ist nicht bekannt | Namensauflösung | kein solcher Host | nom ou service inconnu | hote inconnu | hôte inconnu | nom distant n'a pu être résolu | nom distant n'a pas pu être résolu | no se puede resolver | nombre o servicio desconocido | Host desconocido | host sconosciuto | Impossibile risolvere | ERR_NAME_NOT_RESOLVED | gethostbyname | DNS lookup failed | dns error | failed to lookup address | curl: (6)_ | CURLE_COULDNT_RESOLVE_HOST | Could not find the host | no records found … DNS | No data of requested type | Valid name, no data | no such domain | domain name not found | cURL error 6_", clear, nil, notResolved},
}

// networkConnections: a name leads somewhere, but no connection comes about
// or lasts.
var networkConnections = family{
	{"connection timed out | connect timed out | connection timeout | connect timeout | ETIMEDOUT | ESOCKETTIMEDOUT & connect | i/o timeout & dial | operation timed out | timed out … connect | connection attempt failed because the connected party did not properly respond | WinError 10060 | error 10060 | _10060_ & error | _10060_ & connect | _10060_ & fehler | WSAETIMEDOUT | nach einer bestimmten Zeitspanne | Gegenstelle … nicht richtig reagiert | Wartezeit für die Verbindung | Zeitüberschreitung & verbind | délai d'attente & connexion | expiró … conexión | tiempo de espera … conexión | curl: (28)_ | cURL error 28_ | ConnectTimeout | failed to connect … timed out | SocketTimeoutException: connect | connect … timeout expired | Connection took too long | timed out connecting | TimeoutError & connect | timeout & while connecting | couldn't connect … within | 接続 … タイムアウト | 连接超时 | 0x80072ee2 | ERR_CONNECTION_TIMED_OUT | errno 110", clear, nil, connectTimedOut},
	{"connection refused | ECONNREFUSED | actively refused | WinError 10061 | _10061_ & error | _10061_ & connect | _10061_ & fehler | WSAECONNREFUSED | verweigerte die Verbindung | Zielcomputer die Verbindung verweigerte | Verbindung verweigert | Verbindungsaufbau abgelehnt | Verbindung abgelehnt | connexion refusée | expressément refusée | denegó expresamente | conexión rehusada | conexión rechazada | connessione rifiutata | rifiuto persistente | conexão recusada | recusou ativamente | verbinding geweigerd | отказ в соединении | 积极拒绝 | 拒绝连接 | 接続が拒否 | 拒否されたため | curl: (7)_ | cURL error 7_ | couldn't connect to server | unable to connect to … refused | ERR_CONNECTION_REFUSED | errno 111", clear, nil, refused},
	{"failed to connect to server | could not connect to SMTP host | SMTP connect() failed | unable to connect to server", vague, nil, refused},
	{"port … is blocked | port … blocked by | outgoing … port … blocked | outbound … port … blocked | blocks … port 25 | firewall … block & port | SMTP … ports are blocked | SMTP restrictions | access permissions … socket | WinError 10013 | _10013_ & error | _10013_ & connect | _10013_ & fehler | WSAEACCES | EACCES & connect | administratively prohibited | connection filtered | permission denied & connect | Zugriffsrechte … Socket", clear, is(CausePortBlocked, CauseWrongHostName), nil},
	{"no route to host | EHOSTUNREACH | host is unreachable | destination host unreachable | keine Route zum Zielrechner | _10065_ & error | _10065_ & connect | _10065_ & fehler | WSAEHOSTUNREACH", hint, nil, noRoute},
	{"network is unreachable | ENETUNREACH | isConnected failed & EHOSTUNREACH | _10051_ & error | _10051_ & connect | _10051_ & fehler | WSAENETUNREACH | Das Netzwerk ist nicht erreichbar | network unreachable | unreachable network | address family not supported | EAFNOSUPPORT | cannot assign requested address", clear, nil, noRoute},
	{"connection reset | ECONNRESET | forcibly closed | WinError 10054 | _10054_ & error | _10054_ & connect | _10054_ & fehler | WSAECONNRESET | Verbindung … zurückgesetzt | vom Remotehost geschlossen | réinitialisée | connexion existante … fermée | ha sido interrumpida por el host remoto | connection was closed by the remote | connection closed by remote | connection closed unexpectedly | unexpectedly closed | unexpectedly disconnected | Connection dropped | broken pipe | EPIPE | connection aborted | WinError 10053 | _10053_ & error | _10053_ & connect | _10053_ & fehler | ECONNABORTED | software caused connection abort | lost connection | Connection unexpectedly closed | socket hang up | premature close | server closed connection | peer closed connection | closed the connection unexpectedly | remote end closed connection | connection lost | connection was reset | connection has been closed by peer | socket error: EOF | ERR_CONNECTION_RESET | ConnectionResetError | 远程主机强迫关闭 | Verbindung wurde … beendet & @network", clear, nil, cutOff},
	{"read timed out | timed out waiting for | timeout waiting for | response timeout | no response from server | ReadTimeout | timed out & read | i/o timeout & read | timeout exceeded while awaiting | context deadline exceeded | The operation has timed out | operation was canceled … timeout | request timed out | Das Timeout für den Vorgang | Zeitüberschreitung", hint, nil, silent},
	{"lookup & i/o timeout | DNS … timed out", clear, is(CauseDNSNotResolved), nil},
}

// networkProxies stand between the machine and the sign-in service.
var networkProxies = family{
	{"proxy authentication required | TCP_DENIED 407 | _407_ & proxy | ERR_PROXY_AUTH | HTTP/1.1 407 | HTTP code 407 | 407 from proxy | Proxyauthentifizierung erforderlich | Proxy-Authentifizierung | statuscode 407 | status code 407 | ERR_TUNNEL_CONNECTION_FAILED & 407 | authentification proxy requise | autenticación de proxy", exact, is(CauseProxyAuthRequired), nil},
	{"proxyconnect & !_407_ | ERR_PROXY_CONNECTION_FAILED | unable to connect to proxy & !_407_ | cannot connect to proxy & !_407_ | could not connect to proxy & !_407_ | couldn't resolve proxy | could not resolve proxy | ProxyError & !_407_ | connect to proxy & fail & !_407_ | proxy server … not respond | proxy server … refusing | Proxyserver … nicht erreichbar | Verbindung zum Proxyserver | 0x80072efd & proxy", exact, is(CauseProxyUnreachable), nil},
	{"ERR_TUNNEL_CONNECTION_FAILED & !_407_ | tunnel connection failed & !_407_", clear, is(CauseProxyUnreachable, CauseProxyAuthRequired, CausePortBlocked), nil},
	{"not a valid IMAP | invalid greeting | unexpected greeting | unexpected response from server & @mail | did not return a valid greeting | malformed response | not an SMTP server | bad greeting | invalid response from server & @mail | protocol violation | unexpected protocol | Expected greeting | server sent invalid greeting | HTTP/1.1 400 & @mail | HTTP/1.0 400 & @mail | wrong protocol | SSH-2.0", clear, is(CauseServerProtocolError, CauseWrongPortOrEncryption), nil},
}

// notResolved: a name like the known ones is more likely mistyped; a known
// good one that does not resolve means the machine's own DNS.
func notResolved(f *facts) []Cause {
	if f.is("knownhost") {
		return is(CauseDNSNotResolved, CauseWrongHostName)
	}
	return is(CauseWrongHostName, CauseDNSNotResolved)
}

func connectTimedOut(f *facts) []Cause {
	switch {
	case f.port("465") && f.is("microsoft"):
		return is(CauseWrongPortOrEncryption, CausePortBlocked, CauseWrongHostName)
	case f.is("oauth"):
		return is(CausePortBlocked, CauseProxyUnreachable, CauseServerTimeout, CauseDNSNotResolved)
	}
	return is(CausePortBlocked, CauseWrongHostName, CauseWrongPortOrEncryption, CauseServerTimeout)
}

func refused(f *facts) []Cause {
	if f.port("465") && f.is("microsoft") {
		return is(CauseWrongPortOrEncryption, CausePortBlocked, CauseWrongHostName)
	}
	return is(CausePortBlocked, CauseWrongHostName, CauseWrongPortOrEncryption)
}

// noRoute: a machine without IPv6 that was sent there, or a firewall.
func noRoute(f *facts) []Cause {
	if f.ipv6() {
		return is(CauseNetworkNoRouteIPv6, CausePortBlocked)
	}
	return is(CausePortBlocked, CauseNetworkNoRouteIPv6, CauseWrongHostName)
}

// cutOff: Exchange Online cuts connections of mailboxes it throttles.
func cutOff(f *facts) []Cause {
	if f.is("microsoft") && f.is("mail") {
		return is(CauseNetworkConnectionReset, CauseEXOThrottled, CauseTooManyConnections)
	}
	return is(CauseNetworkConnectionReset, CauseTooManyConnections, CausePortBlocked)
}

func silent(f *facts) []Cause {
	if f.in.Step == "connect" {
		return connectTimedOut(f)
	}
	return is(CauseServerTimeout, CausePortBlocked)
}
