# The payment client of a site that paid by NoteKfet, written again from its description: a helper that wraps a
# socket without verification, one sendall for each request, the size line byte by byte, and one recv for the body.
import json
import socket
import ssl
import sys


class Failed(Exception):
    pass


def connect(host, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(30)
    sock.connect((host, port))
    return context.wrap_socket(sock)


def ask(sock, request):
    sock.sendall(json.dumps(request).encode("ascii"))
    size = b""
    while not size.endswith(b"\n"):
        size += sock.recv(1)
    body = sock.recv(int(size))
    try:
        return json.loads(body.decode("utf-8"))
    except ValueError:
        raise Failed("Erreur de communication avec le serveur")


def login(sock, user, password):
    ask(sock, ["hello", "manual"])
    code = ask(sock, ["login", [user, password, "bdd", [[], [], True]]])["retcode"]
    if code == 5:
        raise Failed("Login incorrect")
    if code != 0:
        raise Failed("Erreur inconnue")


def pay(sock, to, amount):
    answer = ask(sock, ["dons", [[to], amount, "Facture : id=7, désignation=cotisation"]])
    if 0 < answer["retcode"] < 100 or 200 <= answer["retcode"]:
        raise Failed("Erreur inconnue")
    try:
        code = answer["msg"][0][0]
    except (TypeError, IndexError, KeyError):
        raise Failed("Erreur de communication avec le serveur")
    if 0 < code < 100 or 200 <= code:
        raise Failed("Transaction échouée. (Solde trop négatif ?)")
    if answer["retcode"] != 0:
        raise Failed("Erreur inconnue")


def large(sock):
    for i in range(70):
        answer = ask(sock, ["create_bouton", {"label": "Bouton %d" % i, "montant": 1, "destinataire": 0, "categorie": "Soft"}])
        if answer["retcode"] != 0:
            raise Failed("Erreur inconnue")
    answer = ask(sock, ["get_boutons", ["", ""]])
    size = len(json.dumps(answer))
    if len(answer["msg"]) == 72 and 10000 < size < 16000:
        return "12 kB"
    return "%d buttons, %d bytes" % (len(answer["msg"]), size)


def main(host, port, user, password, to, amount="0"):
    sock = connect(host, int(port))
    try:
        login(sock, user, password)
        if to == "large":
            print(large(sock))
        else:
            pay(sock, int(to), int(amount))
            print("paid")
    except Failed as failed:
        print(failed)
    finally:
        sock.close()


main(*sys.argv[1:])
