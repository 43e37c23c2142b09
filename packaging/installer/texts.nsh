; Every text of our own, in both languages. The rest comes with NSIS.

LangString NeedWindows10 ${LANG_ENGLISH} "Mailgrant needs Windows 10, Windows Server 2016 or later."
LangString NeedWindows10 ${LANG_GERMAN} "Mailgrant braucht Windows 10, Windows Server 2016 oder neuer."

LangString NeedAdministrator ${LANG_ENGLISH} "Only an administrator can install or remove Mailgrant for all users of this computer."
LangString NeedAdministrator ${LANG_GERMAN} "Nur ein Administrator kann Mailgrant für alle Benutzer dieses Computers einrichten oder entfernen."

LangString AlreadyRunning ${LANG_ENGLISH} "Mailgrant is being installed or removed already."
LangString AlreadyRunning ${LANG_GERMAN} "Mailgrant wird schon eingerichtet oder entfernt."

LangString Closing ${LANG_ENGLISH} "Asking Mailgrant to close …"
LangString Closing ${LANG_GERMAN} "Mailgrant wird gebeten, sich zu beenden …"

LangString StillRunning ${LANG_ENGLISH} "Mailgrant is still running, perhaps in another user's session or as a command. Close it, then choose Retry."
LangString StillRunning ${LANG_GERMAN} "Mailgrant läuft noch, vielleicht in der Sitzung eines anderen Benutzers oder als Befehl. Beenden Sie es und wählen Sie dann „Wiederholen“."

LangString NotWritten ${LANG_ENGLISH} "Mailgrant could not be installed completely: a file could not be written to $INSTDIR."
LangString NotWritten ${LANG_GERMAN} "Mailgrant konnte nicht vollständig eingerichtet werden: Eine Datei ließ sich nicht nach $INSTDIR schreiben."

LangString NotThisFolder ${LANG_ENGLISH} "Mailgrant cannot be installed in the folder after /D=. This is the last option; the path is a whole one on a drive that is there, without quotes."
LangString NotThisFolder ${LANG_GERMAN} "Der Ordner hinter /D= kommt für Mailgrant nicht infrage. /D= ist die letzte Option; der Pfad ist vollständig, ohne Anführungszeichen und liegt auf einem vorhandenen Laufwerk."

LangString InstalledElsewhere ${LANG_ENGLISH} "Mailgrant is installed in $there, and an upgrade stays there. Leave out /D=, or remove that installation first."
LangString InstalledElsewhere ${LANG_GERMAN} "Mailgrant ist in $there eingerichtet, und eine Aktualisierung bleibt dort. Lassen Sie /D= weg, oder entfernen Sie zuerst diese Installation."

LangString NewerInstalled ${LANG_ENGLISH} "Mailgrant $0 is installed; this setup has the older version ${VERSION}. Replace the newer one by it?"
LangString NewerInstalled ${LANG_GERMAN} "Mailgrant $0 ist eingerichtet; dieses Setup enthält die ältere Version ${VERSION}. Soll sie die neuere ersetzen?"

LangString NotRemoved ${LANG_ENGLISH} "Mailgrant could not be removed completely: a file in $INSTDIR is in use. Close what uses it, then remove Mailgrant once more."
LangString NotRemoved ${LANG_GERMAN} "Mailgrant ließ sich nicht vollständig entfernen: Eine Datei in $INSTDIR ist in Benutzung. Beenden Sie, was sie benutzt, und entfernen Sie Mailgrant dann noch einmal."

LangString SectionProgram ${LANG_ENGLISH} "Mailgrant"
LangString SectionProgram ${LANG_GERMAN} "Mailgrant"
LangString SectionPath ${LANG_ENGLISH} "mailgrant-cli in every console"
LangString SectionPath ${LANG_GERMAN} "mailgrant-cli in jeder Konsole"

LangString AboutProgram ${LANG_ENGLISH} "The window, the command mailgrant-cli, and a renderer for sessions without OpenGL."
LangString AboutProgram ${LANG_GERMAN} "Das Fenster, der Befehl mailgrant-cli und ein Renderer für Sitzungen ohne OpenGL."
LangString AboutPath ${LANG_ENGLISH} "Adds the program's folder to the search path (PATH), so that mailgrant-cli is found everywhere."
LangString AboutPath ${LANG_GERMAN} "Nimmt den Ordner des Programms in den Suchpfad (PATH) auf, damit mailgrant-cli überall gefunden wird."

LangString ShortcutText ${LANG_ENGLISH} "OAuth2 for the mailbox of a server product, on Microsoft 365 and elsewhere"
LangString ShortcutText ${LANG_GERMAN} "OAuth2 für das Postfach eines Serverprodukts, bei Microsoft 365 und anderswo"

LangString StartIt ${LANG_ENGLISH} "Start Mailgrant"
LangString StartIt ${LANG_GERMAN} "Mailgrant starten"

LangString RemoveData ${LANG_ENGLISH} "Also delete your mailboxes and authorizations in Mailgrant? Tokens stored here are lost; the mailboxes themselves are not touched."
LangString RemoveData ${LANG_GERMAN} "Auch Ihre Postfächer und Autorisierungen in Mailgrant löschen? Hier gespeicherte Token gehen verloren; die Postfächer selbst bleiben unberührt."
