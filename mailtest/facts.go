package mailtest

// The facts of the steps. Every value is a string, a number, a bool, a list
// of these or a list of maps of these, and fit to be shown: secrets are
// masked before a fact is kept.
const (
	// FactTranscript (every step): the lines exchanged, "C: " or "S: " first.
	FactTranscript = "transcript"

	// FactAddresses (resolve): the addresses of the host, in the order in
	// which they are tried.
	FactAddresses = "addresses"

	// FactAttempts (connect): one map per address that was tried: address,
	// result ("connected" or the error) and duration_ms.
	FactAttempts = "attempts"
	// FactAddress (connect): the address that is used.
	FactAddress = "address"

	// FactVersion and FactCipher (tls): what was agreed, "TLS 1.3".
	FactVersion = "version"
	FactCipher  = "cipher"
	// FactSubject, FactIssuer, FactExpires, FactNames (tls): of the server's
	// own certificate.
	FactSubject = "subject"
	FactIssuer  = "issuer"
	FactExpires = "expires"
	FactNames   = "names"
	// FactChain (tls): subject and issuer of every certificate as sent.
	FactChain = "chain"
	// FactVerified and FactRoot (tls): whether the chain was accepted, and by
	// which root.
	FactVerified = "verified"
	FactRoot     = "root"
	// FactPrivateRoot (tls): true where that root is in no public list:
	// somebody between here and the server opens the connection.
	FactPrivateRoot = "private_root"

	// FactGreeting (greeting): the server's first words.
	FactGreeting = "greeting"
	// FactCapabilities (greeting, authenticate): what the server says it can.
	FactCapabilities = "capabilities"

	// FactOffered (authenticate): the mechanisms the server offers here.
	FactOffered = "offered"
	// FactMechanism and FactUser (authenticate): how and as whom it was tried.
	FactMechanism = "mechanism"
	FactUser      = "user"
	// FactRefusedUser (authenticate): the name that was refused before
	// FactUser was accepted.
	FactRefusedUser = "refused_user"
	// FactAccount (authenticate): the account that the token belongs to.
	FactAccount = "account"
	// FactResource (authenticate): what the token is for, where that is not the
	// mail servers.
	FactResource = "resource"
	// FactResponseCodes (authenticate, mailbox): codes in the server's
	// answers that follow no standard, such as Exchange's Error="UserDisabled".
	FactResponseCodes = "response_codes"

	// FactMessages and FactOctets (mailbox): what the inbox holds. IMAP gives
	// the first, POP3 both.
	FactMessages = "messages"
	FactOctets   = "octets"
	// FactSender (mailbox, SMTP): the address that may send.
	FactSender = "sender"

	// FactFrom, FactTo and FactMessageID (send): of the message of a round trip.
	// FactAccepted (send): the server's words when it took the message.
	FactFrom      = "from"
	FactTo        = "to"
	FactMessageID = "message_id"
	FactAccepted  = "accepted"
	// FactFolder (imap-arrival, pop3-arrival): where the message arrived instead of the inbox.
	FactFolder = "folder"
	// FactRemoved (clean-up): the folders from which the message was removed.
	// FactLeft (clean-up): where it could only be marked as deleted.
	FactRemoved = "removed"
	FactLeft    = "left"

	// FactAnswered (quit): whether the server said goodbye too.
	FactAnswered = "answered"
)
