// A real mail server for the tests: says its port on the first line, then one JSON line a mail.
// usage: node smtp-server.mjs KEY.pem CERT.pem starttls|implicit|plain
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import path from "node:path";

const require = createRequire(path.join(process.env.CREDAUDIT_SMTP_SERVER_DIR, "anything.js"));
const { SMTPServer } = require("smtp-server");
const [key, cert, mode] = process.argv.slice(2);

const server = new SMTPServer({
  key: readFileSync(key),
  cert: readFileSync(cert),
  secure: mode === "implicit",
  disabledCommands: mode === "plain" ? ["STARTTLS"] : [],
  authMethods: ["PLAIN", "LOGIN"],
  disableReverseLookup: true,
  onAuth(auth, session, done) {
    if (auth.username === "credaudit" && auth.password === "right-canary-1") {
      return done(null, { user: auth.username });
    }
    // A rude server that repeats what it was told: the client must not pass that on.
    const sent = Buffer.from(`\0${auth.username}\0${auth.password}`).toString("base64");
    done(new Error(`no such login: ${auth.password} ${sent}`));
  },
  onRcptTo(address, session, done) {
    const refused = address.address.startsWith("refused");
    done(refused ? Object.assign(new Error("no such mailbox"), { responseCode: 550 }) : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const mail = {
        user: session.user,
        encrypted: session.secure,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((one) => one.address),
        raw: Buffer.concat(chunks).toString("latin1"),
      };
      console.log(JSON.stringify(mail));
      done();
    });
  },
});
server.on("error", (error) => console.error(String(error)));
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
// The test's end closes our standard input: then we go as well.
process.stdin.on("end", () => process.exit(0)).resume();
