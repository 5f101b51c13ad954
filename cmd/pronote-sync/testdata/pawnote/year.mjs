// Reads a school year of a parent's account with pawnote, and prints how many
// rows there were: what a first mirror reads, for a benchmark.
//
//   PAWNOTE=folder-with-node_modules node year.mjs URL USERNAME PASSWORD

import { createRequire } from "node:module";

const pawnote = createRequire(process.env.PAWNOTE + "/")("pawnote");
const [url, username, password] = process.argv.slice(2);

const session = pawnote.createSessionHandle();
await pawnote.loginCredentials(session, {
  url, username, password, kind: pawnote.AccountKind.PARENT, deviceUUID: "11111111-2222-3333-4444-555555555555",
});
let rows = 0;
for (const resource of session.user.resources) {
  pawnote.use(session, resource);
  for (const period of resource.tabs.get(pawnote.TabLocation.Grades).periods) {
    const overview = await pawnote.gradesOverview(session, period);
    rows += overview.grades.length + overview.subjectsAverages.length;
  }
  rows += (await pawnote.assignmentsFromWeek(session, 1, 62)).length;
  rows += (await pawnote.news(session)).items.length;
}
console.log(rows);
