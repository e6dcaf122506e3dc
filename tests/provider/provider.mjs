// The identity provider of the tests, on loopback. Its own form takes any name and any password: the name, such as staff/ben, is the
// person's subject, and what stands behind the slash is their user name.
//
//   node provider.mjs PORT CLIENT_SECRET ADDRESS_OF_CHEMTRACK
import Provider from "oidc-provider";

const [port, secret, chemtrack] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "chemtrack",
      client_secret: secret,
      redirect_uris: [`${chemtrack}/login/single-sign-on/back`],
      post_logout_redirect_uris: [`${chemtrack}/login`],
      backchannel_logout_uri: `${chemtrack}/login/single-sign-on/ended`,
      backchannel_logout_session_required: true,
    },
  ],
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  features: { backchannelLogout: { enabled: true } },
  pkce: { required: () => true },
  cookies: { keys: ["only for tests"] },
  findAccount: (context, subject) => ({
    accountId: subject,
    claims: () => ({
      sub: subject,
      preferred_username: subject.split("/").at(-1),
      email: `${subject.split("/").at(-1)}@example.edu`,
      email_verified: subject.startsWith("staff/"),
    }),
  }),
});
process.stdin.on("end", () => process.exit()).resume(); // the tests are gone
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
