// Microsoft's own client library at the practice tenant:
//   node msal.mjs   with the configuration as JSON on standard input
// Nothing of the library is changed; the tenant is only made known to it. It
// prints what it got as one JSON object.
import { readFileSync } from 'node:fs';
import { ConfidentialClientApplication, CryptoProvider, PublicClientApplication } from '@azure/msal-node';

const config = JSON.parse(readFileSync(0, 'utf8'));
const auth = (id, more) => ({
  clientId: id, authority: `${config.url}/${config.tenant}`, knownAuthorities: [new URL(config.url).host], ...more,
});
const scopes = ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'];
const redirectUri = 'http://localhost:49152';
const person = encodeURIComponent(config.user);

const summary = (r) => ({
  user: r.account?.username, tenant: r.tenantId, home: r.account?.homeAccountId, scopes: r.scopes,
  token: r.accessToken, expires: r.expiresOn?.toISOString(), cached: r.fromCache,
});

// The browser: signs in at once and hands over what comes back.
async function browse(address) {
  const answer = await fetch(`${address}&practice_user=${person}`, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (!location) throw new Error(`no redirect but ${answer.status}: ${await answer.text()}`);
  return new URL(location).searchParams;
}

const app = new PublicClientApplication({ auth: auth(config.client) });
const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
const request = { scopes, redirectUri, state: 'state-of-msal', nonce: 'nonce-of-msal', prompt: 'login', loginHint: config.user };
const answer = await browse(await app.getAuthCodeUrl({ ...request, codeChallenge: challenge, codeChallengeMethod: 'S256' }));
const code = await app.acquireTokenByCode(
  { ...request, code: answer.get('code'), codeVerifier: verifier },
  { code: answer.get('code'), state: answer.get('state'), nonce: request.nonce, client_info: answer.get('client_info') ?? undefined },
);
const cached = await app.acquireTokenSilent({ account: code.account, scopes });
const renewed = await app.acquireTokenSilent({ account: code.account, scopes, forceRefresh: true });

const device = await new PublicClientApplication({ auth: auth(config.client) }).acquireTokenByDeviceCode({
  scopes,
  deviceCodeCallback: ({ verificationUri, userCode }) => fetch(`${verificationUri}?otc=${userCode}&practice_user=${person}`),
});

const application = await new ConfidentialClientApplication({ auth: auth(config.web, { clientSecret: config.secret }) })
  .acquireTokenByClientCredential({ scopes: ['https://outlook.office365.com/.default'] });

// What the library makes of refusals: which of its errors, and whether it
// tells its program to let the person sign in again.
const refusal = (attempt) => attempt.then(
  () => ({ name: 'none' }),
  (e) => ({ name: e.name, code: e.errorCode, numbers: e.message.match(/AADSTS\d+/g) ?? [] }),
);
await fetch(`${config.url}/control`, { method: 'POST', body: JSON.stringify({ faults: ['refresh-expired'] }) });
const ended = await refusal(app.acquireTokenSilent({ account: code.account, scopes, forceRefresh: true }));
const secret = await refusal(new ConfidentialClientApplication({ auth: auth(config.web, { clientSecret: 'wrong' }) })
  .acquireTokenByClientCredential({ scopes: ['https://outlook.office365.com/.default'] }));

console.log(JSON.stringify({
  answers: {
    code: summary(code), cached: summary(cached), renewed: summary(renewed), device: summary(device), application: summary(application),
  },
  refusals: { ended, secret },
}));
