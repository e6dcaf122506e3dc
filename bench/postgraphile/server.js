// PostGraphile on ChemTrack's own tables and policies, as chemuser: PORT, DATABASE_URL and CONNECTIONS in the environment.
// Who asks is told as the API tells it: the lab in the path, the session's token behind Bearer.
const http = require("node:http");
const { createHash } = require("node:crypto");
const { Pool } = require("pg");
const { postgraphile } = require("postgraphile");

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.CONNECTIONS) });
const graphql = postgraphile(pool, "inventory", {
  graphqlRoute: "/graphql",
  disableDefaultMutations: true,
  ignoreRBAC: false,
  ignoreIndexes: true,
  disableQueryLog: true,
  pgSettings: (request) => ({
    "app.lab_id": request.lab,
    "app.session": createHash("sha256").update((request.headers.authorization ?? "").replace("Bearer ", "")).digest("hex"),
  }),
});
http
  .createServer((request, response) => {
    if (request.url === "/health") return response.end("ok");
    const [, lab] = /^\/labs\/lab-(\d+)\/graphql$/.exec(request.url) ?? [];
    request.lab = lab;
    request.url = "/graphql";
    graphql(request, response, () => {
      response.statusCode = 404;
      response.end();
    });
  })
  .listen(Number(process.env.PORT), "127.0.0.1");
