// An OpenID provider on loopback: node server.mjs PORT
// It says "ready" on standard output once it listens and ends with its
// standard input. Whoever types a name into its own sign-in page is that
// account, with the name as verified address.
import Provider from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://localhost:${port}`;

const account = (id) => ({
  accountId: id,
  claims: () => ({ sub: `subject of ${id}`, email: id, email_verified: true, preferred_username: id, name: 'An account' }),
});

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'mailgrant',
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: ['http://localhost', 'http://127.0.0.1'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    response_types: ['code'],
  }],
  findAccount: (_, id) => account(id),
  scopes: ['openid', 'offline_access', 'profile', 'email', 'mail'],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  conformIdTokenClaims: false,
  features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
  rotateRefreshToken: true, // and a second use ends the grant
  pkce: { required: () => true },
  ttl: { AccessToken: 3600, DeviceCode: 600, Grant: 86400, IdToken: 3600, Interaction: 600, RefreshToken: 86400, Session: 3600 },
});

provider.listen(port, 'localhost', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit(0));
