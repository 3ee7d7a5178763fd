// A real mail server for the tests: says its port on the first line, then one JSON line a mail.
// usage: node smtp-server.mjs KEY.pem CERT.pem MODE
// MODE: starttls | implicit | plain, with a password; or by token only: token | token-535 | token-334, of which
// the last two refuse; or busy: the first DATA is put off.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const require = createRequire(path.join(process.env.CREDAUDIT_SMTP_SERVER_DIR, "anything.js"));
const { SMTPServer } = require("smtp-server");
const [key, cert, mode] = process.argv.slice(2);
const byToken = mode.startsWith("token");
const putOff = new Set();
const later = (words) => Object.assign(new Error(words), { responseCode: 451 });

function signIn(auth, done) {
  if (byToken && mode === "token") {
    return done(null, { user: JSON.stringify([auth.username, auth.accessToken]) });
  }
  if (mode === "token-334") {
    return done(null, { data: { status: "401", schemes: "bearer", scope: auth.accessToken.slice(0, 300) } });
  }
  if (!byToken && auth.username === "credaudit" && auth.password === "right-canary-1") {
    return done(null, { user: auth.username });
  }
  // A rude server that repeats what it was told: the client must not pass that on.
  const sent = byToken
    ? Buffer.from(`user=${auth.username}\x01auth=Bearer ${auth.accessToken}\x01\x01`)
    : Buffer.from(`\0${auth.username}\0${auth.password}`);
  const secret = auth.accessToken ?? auth.password;
  // A line holds a thousand bytes, and a token is longer.
  const said = [secret, sent.toString("base64")].map((one) => one.slice(0, 300));
  done(new Error(`no such login: ${said.join(" ")}`));
}

const server = new SMTPServer({
  key: readFileSync(key),
  cert: readFileSync(cert),
  secure: mode === "implicit",
  disabledCommands: mode === "plain" ? ["STARTTLS"] : [],
  authMethods: byToken ? ["XOAUTH2"] : ["PLAIN", "LOGIN"],
  disableReverseLookup: true,
  onAuth: (auth, session, done) => signIn(auth, done),
  onRcptTo({ address }, session, done) {
    if (address.startsWith("refused")) {
      return done(Object.assign(new Error("no such mailbox"), { responseCode: 550 }));
    }
    if (address.startsWith("never")) {
      return done(later("greylisted for ever"));
    }
    // A greylist: the first call is put off.
    if (address.startsWith("later") && !putOff.has(address)) {
      putOff.add(address);
      return done(later("greylisted, come back"));
    }
    done();
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const refused = mode === "busy" && !putOff.has("data");
      const mail = {
        refused,
        user: session.user,
        encrypted: session.secure,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((one) => one.address),
        raw: Buffer.concat(chunks).toString("latin1"),
      };
      putOff.add("data");
      console.log(JSON.stringify(mail));
      done(refused ? later("the disk is full just now") : null);
    });
  },
});
server.on("error", (error) => console.error(String(error)));
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
// The test's end closes our standard input: then we go as well.
process.stdin.on("end", () => process.exit(0)).resume();
