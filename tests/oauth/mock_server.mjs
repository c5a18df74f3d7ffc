// npm `oauth2-mock-server` over TLS. Its arguments: a port, a file with key and chain.
import { OAuth2Server } from 'oauth2-mock-server';

const [port, pem] = process.argv.slice(2);
const server = new OAuth2Server(pem, pem);
await server.issuer.keys.generate('RS256');
await server.start(Number(port), '127.0.0.1');
console.log('listening');
