// npm `oidc-provider` as the authorization server of an API, over TLS. Whoever comes is `ada`, and
// allows everything. Its arguments: the origin that clients see, a port, a file with key and chain.
import https from 'node:https';
import { readFileSync } from 'node:fs';
import { Provider } from 'oidc-provider';

const [origin, port, pem, redirectUri] = process.argv.slice(2);
const client = (client_id, token_endpoint_auth_method) => ({
  client_id,
  token_endpoint_auth_method,
  client_secret: 'a secret: of 100 % + letters',
  redirect_uris: [redirectUri],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
});
const provider = new Provider(origin, {
  clients: [client('by post', 'client_secret_post'), client('by basic', 'client_secret_basic')],
  cookies: { keys: ['a key of cookies in a test'] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    revocation: { enabled: true },
  },
  scopes: ['openid', 'offline_access', 'read'],
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  ttl: { AccessToken: 600, ClientCredentials: 600 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
});

async function allow(request, response) {
  const { params, prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: 'ada' } });
  }
  const grant = new provider.Grant({ accountId: 'ada', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } });
}

const text = readFileSync(pem);
const server = https.createServer({ key: text, cert: text }, async (request, response) => {
  try {
    if (request.url.startsWith('/interaction/')) return await allow(request, response);
    return await provider.callback()(request, response);
  } catch (error) {
    response.statusCode = 500;
    return response.end(String(error?.stack));
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
