// Logs in to a school with pawnote and prints what it reads as JSON, in the
// columns of the mirror's views.
//
//   PAWNOTE=folder-with-node_modules node read.mjs URL student|parent USERNAME PASSWORD utf8|latin1 QR PIN
//
// It logs in three times: by QR code, by password, and by the token that the
// password gave. A token that was used before must be refused.
//
// Pawnote takes answers that are encrypted and not compressed for Latin-1, though
// they are in UTF-8 like all others: the last argument sets that right.

import { createRequire } from "node:module";

const pawnote = createRequire(process.env.PAWNOTE + "/")("pawnote");
const [url, kind, username, password, encoding, qr, pin] = process.argv.slice(2);
const accountKind = kind === "parent" ? pawnote.AccountKind.PARENT : pawnote.AccountKind.STUDENT;

const byToken = async (account) => {
  const session = pawnote.createSessionHandle();
  const next = await pawnote.loginToken(session, { ...account, kind: accountKind });
  return [session, { ...account, username: next.username, token: next.token }];
};
const refused = async (account) => {
  try {
    await byToken(account);
  } catch (error) {
    if (error instanceof pawnote.BadCredentialsError) return;
    throw error;
  }
  throw new Error("a token was taken twice");
};

const phone = { url, deviceUUID: "22222222-3333-4444-5555-666666666666" };
const scanned = await pawnote.loginQrCode(pawnote.createSessionHandle(), { qr: JSON.parse(qr), pin, deviceUUID: phone.deviceUUID });
const first = { ...phone, username: scanned.username, token: scanned.token };
const [, second] = await byToken(first);
await refused(first);
await byToken(second);

const desktop = { url, deviceUUID: "11111111-2222-3333-4444-555555555555" };
const typed = await pawnote.loginCredentials(pawnote.createSessionHandle(), { ...desktop, username, password, kind: accountKind });
const [session, refresh] = await byToken({ ...desktop, username: typed.username, token: typed.token });

const two = (n) => String(n).padStart(2, "0");
const day = (d) => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
const time = (d) => `${day(d)} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
const figure = (v) => (v && v.kind === pawnote.GradeKind.Grade && !Number.isNaN(v.points) ? v.points : null);
const bit = (b) => (b ? 1 : 0);
const nameOf = (values, value) => Object.keys(values).find((key) => values[key] === value);

const mark = (period) => (g) => ({
  period, subject: g.subject.name, given_on: day(g.date), title: g.comment, comment: g.commentaireSurNote ?? "",
  kind: nameOf(pawnote.GradeKind, g.value.kind), value: figure(g.value), out_of: figure(g.outOf), coefficient: g.coefficient,
  class_average: figure(g.average), class_min: figure(g.min), class_max: figure(g.max),
  bonus: bit(g.isBonus), optional: bit(g.isOptional), rescaled: bit(g.isOutOf20),
});

const average = (period) => (a) => ({
  period, subject: a.subject.name, student_average: figure(a.student), class_average: figure(a.class_average),
  class_min: figure(a.min), class_max: figure(a.max), out_of: figure(a.outOf),
});

const homework = (a) => ({
  subject: a.subject.name, due_on: day(a.deadline), description_html: a.description, done: bit(a.done),
  difficulty: nameOf(pawnote.AssignmentDifficulty, a.difficulty), minutes: a.length || null,
  return: nameOf(pawnote.AssignmentReturnKind, a.return.kind), themes: list(a.themes.map((t) => t.name)),
});

// Each file is fetched, to its end, from the address that pawnote makes of it. Node
// stays as long as an answer is not read.
const attachment = (domain) => async (a) => {
  if (a.kind === pawnote.AttachmentKind.File) {
    const answer = await fetch(a.url);
    const file = await answer.arrayBuffer();
    if (!answer.ok || file.byteLength === 0) throw new Error("a file of " + domain + " cannot be fetched");
  }
  return { owner_domain: domain, name: a.name, ...(a.kind === pawnote.AttachmentKind.Link && { url: a.url }) };
};
const attachments = (domain, list) => Promise.all(list.map(attachment(domain)));

// Those of a mark have a role each.
const papers = async (g) => {
  const roles = { subject: g.subjectFile, correction: g.correctionFile };
  const hung = Object.keys(roles).filter((role) => roles[role]);
  const read = await attachments("marks", hung.map((role) => roles[role]));
  return read.map((a, i) => ({ ...a, role: hung[i] }));
};

const list = (names) => (names ?? []).join(", ");
const lesson = (l) => ({
  starts_at: time(l.startDate), ends_at: time(l.endDate), subject: l.subject?.name ?? "", title: l.title ?? "",
  teachers: list(l.teacherNames ?? l.attendants), rooms: list(l.classrooms), groups: list(l.groupNames ?? (l.resourceValue ? [l.resourceValue] : [])),
  kind: ["lesson", "council", "replacement", "history", "substitute"][l.kind ?? 0], status: l.status ?? "",
  cancelled: bit(l.canceled), detention: bit(l.is === "detention"), outing: bit(l.is === "activity"),
  test: bit(l.test), exempted: bit(l.exempted), memo: l.notes ?? null, links: list(l.virtualClassrooms),
});

const contents = (r) => r.contents.map((c) => ({
  starts_at: time(r.startDate), ends_at: time(r.endDate), subject: r.subject.name, teachers: list(r.teachers), groups: list(r.groups),
  title: c.title, description_html: c.description, category: c.categoryText, themes: list(c.themes.map((t) => t.name)),
  path: ["future", "citizen", "arts", "health", "excellence"][c.educativeValue] ?? null,
}));

const info = (i) => ({
  title: i.title, author: i.author, category: i.category.name, read: bit(i.read), survey: bit(i.is === "survey"),
  published_at: time(i.creationDate), starts_on: day(i.startDate), ends_at: day(i.endDate),
  content_html: i.is === "survey" ? i.questions[0].content : i.content,
});

// What an item asks for. An information asks for no more than to be acknowledged.
const questions = (i) => (i.is === "survey" ? i.questions : i.question.shouldAnswer ? [i.question] : []).map((q) => ({
  position: q.position, title: q.title, kind: ["acknowledgement", "text", "choice", "choices", "none", "none"][q.kind],
  content_html: i.is === "survey" ? q.content : "", choices: q.choices.map((c) => c.value).join("\n"),
  max_choices: q.shouldRespectMaximumChoices ? q.maximumChoices : null, expected: bit(q.shouldAnswer), answered: bit(q.answered),
  answered_at: q.answered && q.answerDate ? time(q.answerDate) : null,
  answer: [...q.choices.filter((c) => q.selectedAnswers?.includes(c.position)).map((c) => c.value), q.textInputAnswer]
    .filter(Boolean).join("\n"),
}));

const names = (list) => list.map((n) => n.name).join(", ");
const courses = { entry: "starter", main: "main", side: "side", drink: "other", fromage: "cheese", dessert: "dessert" };
const dishes = (m) => ["lunch", "dinner"].filter((meal) => m[meal]).flatMap((meal) =>
  Object.keys(courses).flatMap((course) => (m[meal][course] ?? []).map((food) => ({
    date: day(m.date), meal, menu: m[meal].name, course: courses[course], dish: food.name,
    labels: names(food.labels), allergens: names(food.allergens),
  }))));

// The menus of all weeks of the year, each with a legend for the labels and
// allergens in it.
const menus = async () => {
  const read = [];
  for (const d = new Date(session.instance.firstMonday); d < session.instance.lastDate; d.setDate(d.getDate() + 7)) {
    const week = await pawnote.menus(session, d);
    const served = week.days.flatMap(dishes);
    for (const legend of ["labels", "allergens"]) {
      const used = new Set(served.flatMap((dish) => dish[legend].split(", ").filter(Boolean)));
      const explained = new Set(week[legend].map((n) => n.name));
      if (used.size !== explained.size || [...used].some((n) => !explained.has(n))) throw new Error("the legend of " + legend + " is wrong");
    }
    if (served.length > 0 && !week.containsLunch) throw new Error("a week has dishes and no lunch");
    read.push(...served);
  }
  return read;
};

// Of a link to a partner pawnote only reads how to be logged in to it.
const links = (home) => [
  ...home.links.map((l) => ({ title: l.name, url: l.url, comment: l.description, partner: "" })),
  ...(home.partnerTurboself ? [{ partner: home.partnerTurboself.sso.codePartenaire }] : []),
];

const wallet = (w) => ({ label: w.name, hint: w.description, balance: w.balance, balance_hint: w.balanceDescription, warning: bit(w.warning) });

const person = (a) => ({
  address: a.address.filter(Boolean).join(", "), postal_code: a.postalCode, city: a.city, province: a.province, country: a.country,
  email: a.email, phone: a.phone, ine: a.INE,
});

// How many lessons the calendar has that the account offers. Before 2024 pawnote
// knows of none.
const subscribed = async (account) => {
  if (!account.iCalToken) return 0;
  const answer = await fetch(pawnote.timetableICalURL(session, account.iCalToken));
  if (!answer.ok) throw new Error("the calendar cannot be fetched");
  return (await answer.text()).split("BEGIN:VEVENT").length - 1;
};

const absence = (a) => ({
  starts_at: time(a.startDate), ends_at: time(a.endDate), open: bit(a.opened), justified: bit(a.justified), to_justify: bit(a.shouldParentsJustify),
  settled: bit(a.administrativelyFixed), hours: a.hoursMissed + a.minutesMissed / 60, days: a.daysMissed, reason: a.reason || null,
});

const delay = (d) => ({
  starts_at: time(d.date), minutes: d.minutes, justified: bit(d.justified), justification: d.justification || null,
  to_justify: bit(d.shouldParentsJustify), settled: bit(d.administrativelyFixed), reason: d.reason || null,
});

const punishment = (p) => ({
  nature: p.title, given_on: day(p.dateGiven), outside_lessons: bit(!p.isDuringLesson), giver: p.giver, reasons: p.reasons.join(", "),
  circumstances: p.circumstances, homework: p.workToDo, minutes: p.durationMinutes || null, exclusion: bit(p.exclusion),
});

const measure = (m) => ({
  nature: m.title, given_on: day(m.dateGiven), giver: m.giver, decider: m.decisionMaker, reasons: m.reasons.join(", "),
  circumstances: m.circumstances, comment: m.comments, exclusion: bit(m.exclusion), starts_at: time(m.startDate), ends_at: time(m.endDate),
  barred_from: m.disallowedAccesses.map((n) => ["boarding", "lessons", "canteen"][n]).join(", "),
});

const observation = (o) => ({
  kind: ["notebook", "observation", "encouragement", "other"][o.kind], title: o.name, given_on: day(o.date), subject: o.subject?.name ?? "",
  comment: o.reason, read: bit(o.opened), receipt_wanted: bit(o.shouldParentsJustify),
});

const discussion = (d) => ({
  subject: d.subject, creator: d.creator ?? "", participants: d.recipientName, message_count: d.numberOfMessages,
  unread: d.numberOfMessagesUnread, closed: bit(d.closed), labels: d.folders.map((f) => f.kind === 5 ? "trash" : f.name).join(", "),
});

const message = (m) => ({
  sent_at: time(m.creationDate), author: m.author?.name ?? "Moi", recipient: m.receiver?.name ?? "Moi", people: m.amountOfRecipients - 1,
  aside: bit(m.partialVisibility), text: m.content,
});

const evaluation = (period) => (e) => ({
  period, subject: e.subject.name, name: e.name, date: day(e.date), teacher: e.teacher, description: e.description, coefficient: e.coefficient,
  cycles: e.levels.join(", "), levels: e.skills.map((s) => s.abbreviation).join(", "),
});

const skill = (s) => ({
  position: s.order, item: s.itemName ?? "", domain: s.domainName, pillar: s.pillarName, pillar_codes: s.pillarPrefixes.join(","),
  level: s.level, abbreviation: s.abbreviation, coefficient: s.coefficient,
});

const known = (n) => (Number.isNaN(n) ? null : n);
const reportSubject = (s) => ({
  subject: s.subject.name, subject_group: s.subjectGroup.L, teachers: [...new Set(s.teachers.flat())].join(", "), coefficient: known(s.coef),
  student_average: known(s.averages.student), class_average: known(s.averages.classOverall),
  class_min: known(s.averages.min), class_max: known(s.averages.max), appreciation: s.assessments.join("\n"),
});

// The report card of a period, null when it is not published.
const report = async (period) => {
  try {
    return await pawnote.gradebook(session, period);
  } catch (error) {
    if (error instanceof pawnote.PageUnavailableError) return null;
    throw error;
  }
};

// The same as the school prints it. Of a period pawnote sends the kind that the school's
// list has, but for the page of the report card, which has always wanted that of the tab.
const printed = async (period) => {
  const url = await pawnote.gradebookPDF(session, { ...period, kind: 2 });
  const text = await (await fetch(url)).text();
  if (!text.startsWith("%PDF-") || !text.endsWith("%%EOF\n")) throw new Error("a report card cannot be fetched");
  return { owner_domain: "reports", name: decodeURIComponent(new URL(url).pathname.split("/").pop()) };
};

const pupils = [];
for (const resource of session.user.resources) {
  pawnote.use(session, resource);
  const read = { name: resource.name, class: resource.className, school: resource.establishmentName, marks: [], averages: [], attachments: [] };
  const book = { absences: [], delays: [], punishments: [], observations: [] };
  for (const period of resource.tabs.get(pawnote.TabLocation.Notebook).periods) {
    const notebook = await pawnote.notebook(session, period);
    book.absences.push(...notebook.absences.map(absence));
    book.delays.push(...notebook.delays.map(delay));
    book.punishments.push(...notebook.punishments.map(punishment), ...notebook.precautionaryMeasures.map(measure));
    book.observations.push(...notebook.observations.map(observation));
    for (const p of notebook.punishments) read.attachments.push(...(await attachments("punishments", p.workToDoDocuments)));
    for (const p of [...notebook.punishments, ...notebook.precautionaryMeasures]) await attachments("punishments", p.circumstancesDocuments);
  }
  Object.assign(read, book);
  for (const period of resource.tabs.get(pawnote.TabLocation.Grades).periods) {
    const overview = await pawnote.gradesOverview(session, period);
    read.marks.push(...overview.grades.map(mark(period.name)));
    for (const g of overview.grades) read.attachments.push(...(await papers(g)));
    read.averages.push(...overview.subjectsAverages.map(average(period.name)));
    if (overview.overallAverage) {
      read.overall = { ...read.overall, [period.name]: [figure(overview.overallAverage), figure(overview.classAverage)] };
    }
  }
  Object.assign(read, { evaluations: [], skills: [], reports: [], report_subjects: [] });
  for (const period of resource.tabs.get(pawnote.TabLocation.Evaluations).periods) {
    const evaluations = await pawnote.evaluations(session, period);
    read.evaluations.push(...evaluations.map(evaluation(period.name)));
    read.skills.push(...evaluations.flatMap((e) => e.skills.map(skill)));
  }
  for (const period of resource.tabs.get(pawnote.TabLocation.Gradebook).periods) {
    const card = await report(period);
    if (card) {
      read.reports.push({ period: period.name, comments: card.overallAssessments.map((a) => `${a.name} : ${a.value}`).join("\n") });
      read.report_subjects.push(...card.subjects.map(reportSubject));
      read.attachments.push(await printed(period));
    }
  }
  const assignments = await pawnote.assignmentsFromWeek(session, 1, 62);
  const { firstDate, lastDate } = session.instance;
  read.lessons = (await pawnote.timetableFromIntervals(session, firstDate, lastDate)).classes.map(lesson);
  const resources = await pawnote.resourcesFromIntervals(session, firstDate, lastDate);
  read.contents = resources.flatMap(contents);
  read.attachments.push(...(await attachments("contents", resources.flatMap((r) => r.contents.flatMap((c) => c.files)))));
  read.homework = assignments.map(homework);
  const hung = assignments.flatMap((a) => [...a.attachments, ...(a.return.uploaded ? [a.return.uploaded] : [])]);
  read.attachments.push(...(await attachments("homework", hung)));
  const news = (await pawnote.news(session)).items;
  read.infos = news.map(info);
  read.questions = news.flatMap(questions);
  read.attachments.push(...(await attachments("infos", news.flatMap((i) => i.is === "survey" ? i.questions.flatMap((q) => q.attachments) : i.attachments))));
  const talks = (await pawnote.discussions(session)).items;
  read.discussions = talks.map(discussion);
  read.messages = [];
  for (const talk of talks) {
    const { sents } = await pawnote.discussionMessages(session, talk);
    read.messages.push(...sents.map(message));
    read.attachments.push(...(await attachments("messages", sents.flatMap((m) => m.files))));
  }
  const account = await pawnote.account(session);
  read.persons = [person(account)];
  read.subscribed = await subscribed(account);
  read.menus = await menus();
  const home = await pawnote.homepage(session);
  read.links = links(home);
  read.wallets = home.partnerARD.wallets.map(wallet);
  pupils.push(read);
}
await pawnote.presence(session);

process.stdout.write(Buffer.from(JSON.stringify({
  username: refresh.username, user: session.user.name, version: session.instance.version.join("."),
  starts: day(session.instance.firstDate), ends: day(session.instance.lastDate), holidays: session.instance.holidays.length,
  pupils,
}), encoding));
