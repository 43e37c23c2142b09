package mailtest

// The facts of the steps. Every value is a string, a number, a bool, a list
// of these or a list of maps of these, and fit to be shown: secrets are
// masked before a fact is kept.
const (
	FactTranscript = "transcript" // every step: the lines exchanged, "C: " or "S: " first

	// resolve
	FactAddresses = "addresses" // of the host, in the order in which they are tried

	// connect
	FactAttempts = "attempts" // a map for each address: address, result ("connected" or the error) and duration_ms
	FactAddress  = "address"  // that is used

	// tls
	FactVersion     = "version" // "TLS 1.3"
	FactCipher      = "cipher"
	FactSubject     = "subject" // this and the next three: of the server's own certificate
	FactIssuer      = "issuer"
	FactExpires     = "expires"
	FactNames       = "names"
	FactChain       = "chain"        // subject and issuer of every certificate as sent
	FactVerified    = "verified"     // whether the chain was accepted
	FactRoot        = "root"         // by which root
	FactPrivateRoot = "private_root" // true: it is in no public list, so somebody in between opens the connection

	// greeting
	FactGreeting     = "greeting"     // the server's first words
	FactCapabilities = "capabilities" // what it says it can; also authenticate

	// authenticate
	FactOffered       = "offered" // the mechanisms that the server offers here
	FactMechanism     = "mechanism"
	FactUser          = "user"           // as whom it was tried
	FactRefusedUser   = "refused_user"   // the name that was refused before FactUser was accepted
	FactAccount       = "account"        // that the token belongs to
	FactResource      = "resource"       // what the token is for, where that is not the mail servers
	FactResponseCodes = "response_codes" // that follow no standard, such as Exchange's Error="UserDisabled"; also mailbox

	// mailbox
	FactMessages = "messages" // in the inbox (IMAP, POP3)
	FactOctets   = "octets"   // all of them (POP3)
	FactSender   = "sender"   // the address that may send (SMTP)

	// send
	FactFrom      = "from"
	FactTo        = "to"
	FactMessageID = "message_id"
	FactAccepted  = "accepted" // the server's words when it took the message

	// imap-arrival, pop3-arrival
	FactFolder = "folder" // where the message arrived instead of the inbox

	// clean-up
	FactRemoved = "removed" // the folders from which the message was removed
	FactLeft    = "left"    // those in which it could only be marked as deleted

	// quit
	FactAnswered = "answered" // whether the server said goodbye too
)
