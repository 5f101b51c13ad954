"""Reads all that pronotepy can read of an account, and prints it as JSON: for each pupil
rows by domain, in the words of the mirror.

usage: read.py ADDRESS KIND USERNAME PASSWORD PERIOD...
"""

import datetime
import json
import sys

import pronotepy

address, kind, username, password, *terms = sys.argv[1:]


def mark(period):
    return lambda g: {
        "period": period.name, "subject": g.subject.name, "given_on": str(g.date), "title": g.comment, "value_text": g.grade,
        "bonus": int(g.is_bonus), "optional": int(g.is_optionnal), "rescaled": int(g.is_out_of_20),
    }


def read(client):
    pupil = {name: [] for name in ("marks", "averages", "evaluations", "absences", "delays", "punishments", "reports")}
    for period in client.periods:
        if period.name not in terms:
            continue
        pupil["marks"] += map(mark(period), period.grades)
        pupil["averages"] += [{"period": period.name, "subject": a.subject.name} for a in period.averages]
        pupil["evaluations"] += [{"period": period.name, "subject": e.subject.name, "name": e.name, "date": str(e.date)} for e in period.evaluations]
        if period.name == "Hors période":
            continue
        pupil["absences"] += [{"starts_at": str(a.from_date), "ends_at": str(a.to_date)} for a in period.absences]
        pupil["delays"] += [{"starts_at": str(d.date), "minutes": d.minutes} for d in period.delays]
        pupil["punishments"] += [{"giver": p.giver, "nature": p.nature} for p in period.punishments]
        if period.report is not None:
            pupil["reports"].append({"period": period.name})
    start = client.start_day
    end = start + datetime.timedelta(days=310)
    pupil["homework"] = [{"due_on": str(h.date), "subject": h.subject.name, "done": int(h.done)} for h in client.homework(start, end)]
    lessons = [lesson for week in range(40) for lesson in client.lessons(start + datetime.timedelta(7 * week), start + datetime.timedelta(7 * week + 6))]
    pupil["lessons"] = [{"starts_at": str(lesson.start), "number": lesson.num or None} for lesson in lessons]
    pupil["contents"] = sum(1 for lesson in lessons[:30] if lesson.content is not None)
    pupil["infos"] = [{"title": i.title or "", "author": i.author, "published_at": str(i.creation_date)} for i in client.information_and_surveys()]
    pupil["menus"] = sum(1 for _ in client.menus(start, start + datetime.timedelta(11)))
    discussions = client.discussions()
    pupil["discussions"] = [{"subject": d.subject, "unread": d.unread} for d in discussions]
    pupil["messages"] = sum(len(d.messages) for d in discussions)
    pupil["participants"] = sum(len(d.participants()) for d in discussions)
    pupil["recipients"] = len(client.get_recipients())
    pupil["staff"] = [{"name": s.name} for s in client.get_teaching_staff()]
    pupil["address"] = len(client.info.address)
    pupil["calendar"] = client.export_ical()
    pupil["timetable"] = client.generate_timetable_pdf()
    return pupil


if kind == "parent":
    account = pronotepy.ParentClient(address, username=username, password=password)
    pupils = []
    for child in account.children:
        account.set_child(child)
        pupils.append({"name": child.name, **read(account)})
else:
    account = pronotepy.Client(address, username=username, password=password)
    pupils = [{"name": account.info.name, **read(account)}]
json.dump({"logged_in": account.logged_in, "pupils": pupils}, sys.stdout)
