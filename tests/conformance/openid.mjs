// A certified OpenID Connect provider (panva's oidc-provider) on a free port of loopback, with its pages for developers.
// node openid.mjs CALLBACK prints its issuer. Ada is at the desk, everybody else sings in the choir.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const client = { redirect_uris: [process.argv[2]], response_types: ["code"], grant_types: ["authorization_code"] };
const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { ...client, client_id: "basic", client_secret: "s3cret/+:% x", token_endpoint_auth_method: "client_secret_basic" },
      { ...client, client_id: "post", client_secret: "s3cret/+:% x", token_endpoint_auth_method: "client_secret_post" },
      { ...client, client_id: "public", token_endpoint_auth_method: "none", application_type: "native" },
    ],
    clientAuthMethods: process.argv[3].split(","),
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
    findAccount: async (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, groups: id === "ada" ? ["desk"] : ["choir"] }),
    }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
