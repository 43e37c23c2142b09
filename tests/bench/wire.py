import imaplib, poplib, smtplib, ssl, sys, base64

root, secret, user, imap, pop3, smtp = sys.argv[1:]
token = open(secret).read()
context = ssl.create_default_context(cafile=root)
answer = f"user={user}\x01auth=Bearer {token}\x01\x01"

box = imaplib.IMAP4_SSL("localhost", int(imap), ssl_context=context)
box.authenticate("XOAUTH2", lambda _: answer.encode())
box.select("INBOX", readonly=True)
box.logout()

post = poplib.POP3_SSL("localhost", int(pop3), context=context)
post._shortcmd("AUTH XOAUTH2")
post._shortcmd(base64.b64encode(answer.encode()).decode())
post.stat()
post.quit()

mail = smtplib.SMTP("localhost", int(smtp))
mail.starttls(context=context)
mail.ehlo()
# In two lines, as curl and Mailgrant do with a token of this length: Postfix does
# not take it in one.
mail.auth("XOAUTH2", lambda challenge=None: answer, initial_response_ok=False)
mail.mail(user)
mail.rset()
mail.quit()
