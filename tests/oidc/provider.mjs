// A company's sign-in (npm `oidc-provider`) that a test drives: POST /control with members of
// `says`. Whoever comes is `says.person`, without being asked. With `says.refreshes` it is an API's
// provider: it gives refresh tokens, once each, and access tokens live `says.accessTokenSeconds`.
import http from 'node:http';
import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { SignJWT, decodeJwt, decodeProtectedHeader } from 'jose';

const [origin] = process.argv.slice(2);
const says = {
  person: {}, skewSeconds: 0, claims: {}, algorithm: 'RS256', redirectUris: [`${origin}/nowhere`],
};
const logoutTokens = [];
// Paths that were asked for, and grants by which tokens were given.
const asked = [];
const granted = [];
const kinds = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};
let keys = [];
let provider;
let issuer;

const clock = Date.now;
Date.now = () => clock() + says.skewSeconds * 1000;

function drawKeys() {
  keys = Object.entries(kinds).map(([alg, make]) => ({
    ...make().privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID(),
  }));
}

function made() {
  const one = new Provider(issuer, {
    clients: [{
      client_id: 'openactions',
      client_secret: 'a secret of the client, drawn once',
      redirect_uris: says.redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      post_logout_redirect_uris: [`${origin}/v1/session/signed-out`],
      backchannel_logout_uri: `${issuer}/sink`,
      backchannel_logout_session_required: true,
      id_token_signed_response_alg: says.algorithm,
    }],
    jwks: { keys },
    cookies: { keys: ['a key of cookies in a test'] },
    claims: { openid: ['sub', 'groups', 'sid'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: says.thin === true,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      revocation: { enabled: true },
    },
    issueRefreshToken: () => says.refreshes === true,
    rotateRefreshToken: () => true,
    ttl: { AccessToken: says.accessTokenSeconds ?? 3600 },
    pkce: { required: () => true },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    // Its own guard refuses loopback, where the test is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ ...says.person, sub: id }) }),
  });
  one.use(async (ctx, next) => {
    await next();
    if (ctx.body?.id_token && Object.keys(says.claims).length) {
      ctx.body.id_token = await signedAnew(ctx.body.id_token);
    }
  });
  one.on('grant.error', (_, error) => console.log('grant', error.message, error.error_detail));
  one.on('grant.success', (ctx) => granted.push(ctx.oidc.params.grant_type));
  one.on("backchannel.error", (_, error) => console.log("backchannel", error));
  one.on("server_error", (_, error) => console.log("server", error));
  return one;
}

async function signedAnew(token) {
  const header = decodeProtectedHeader(token);
  const key = keys.find((each) => each.kid === header.kid);
  return new SignJWT({ ...decodeJwt(token), ...says.claims })
    .setProtectedHeader(header)
    .sign(createPrivateKey({ key, format: 'jwk' }));
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function letIn(request, response) {
  const { params, prompt, session } = await provider.interactionDetails(request, response);
  const accountId = session?.accountId ?? says.person.sub;
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  const grant = new provider.Grant({ accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } });
}

async function control(request, response) {
  const { rotate, ...changed } = JSON.parse(await bodyOf(request));
  Object.assign(says, changed);
  if (rotate) drawKeys();
  // A new one has forgotten what the one before gave.
  if (rotate || Object.keys(changed).length) provider = made();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ logoutTokens, asked, granted }));
}

const server = http.createServer(async (request, response) => {
  try {
    if (request.url === '/control') return await control(request, response);
    if (request.url === '/sink') {
      logoutTokens.push(new URLSearchParams(await bodyOf(request)).get('logout_token'));
      return response.end();
    }
    if (request.url.startsWith('/interaction/')) return await letIn(request, response);
    asked.push(`${request.method} ${request.url.split('?')[0]}`);
    return provider.callback()(request, response);
  } catch (error) {
    response.statusCode = 500;
    return response.end(String(error?.stack));
  }
});
server.listen(0, '127.0.0.1', () => {
  issuer = `http://127.0.0.1:${server.address().port}`;
  drawKeys();
  provider = made();
  console.log(`issuer ${issuer}`);
});
