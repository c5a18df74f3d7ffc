// For mongosh, as root, whenever the platform starts: a replica set, and for each service one
// user that sees one database. Safe to repeat; a changed password or a new service takes effect.
const SERVICES = ["auth", "catalog", "execution", "identity", "policy", "schema"];

function password(service) {
  const name = `MONGO_${service.toUpperCase()}_PASSWORD`;
  if (!process.env[name]) throw new Error(`${name} is not set.`);
  return process.env[name];
}

function ensureReplicaSet() {
  try {
    rs.status();
  } catch (error) {
    if (error.codeName !== "NotYetInitialized") throw error;
    rs.initiate({ _id: "rs0", members: [{ _id: 0, host: process.env.MONGO_HOST }] });
  }
  while (!db.hello().isWritablePrimary) sleep(200);
}

function ensureUser(service, pwd) {
  const own = db.getSiblingDB(service);
  const roles = [{ role: "readWrite", db: service }];
  if (own.getUser(service)) own.updateUser(service, { pwd, roles });
  else own.createUser({ user: service, pwd, roles });
}

const passwords = SERVICES.map((service) => [service, password(service)]);
ensureReplicaSet();
for (const [service, pwd] of passwords) ensureUser(service, pwd);
print(`Replica set rs0 is ready, with users for ${SERVICES.join(", ")}.`);
